import { othersOf, type TestConditions } from "../../gates/index.ts";
import { contentsOf, type Snapshot } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import type { Together } from "./subject/beside.ts";

/** Returns what verdicts on a snapshot depend on; undefined if its contents are not known, so that none can be kept. */
export async function conditionsOf(
  ports: Ports<"mirror" | "catalog" | "publisher" | "working" | "other">,
  { meta }: Snapshot,
  together: Together,
): Promise<TestConditions | undefined> {
  const contents = contentsOf(meta);
  if (contents === undefined) return undefined;
  const beside: Record<string, string> = {};
  for (const id of new Set(ports.mirror.criteria.flatMap(othersOf)))
    beside[id] = await contentsBeside(ports.other(id), together.get(id));
  return { contents, production: await contentsInProduction(ports), beside };
}

/** Of a mirror that is promoted too, the verdict depends on what it shows before and after. */
async function contentsBeside(
  ports: Ports<"catalog" | "publisher" | "working">,
  candidate: Snapshot | undefined,
): Promise<string> {
  const before = await contentsInProduction(ports);
  if (candidate === undefined) return before;
  return `${before} then ${contentsOf(candidate.meta) ?? `name:${candidate.name}`}`;
}

/** Returns a text that is the same while production shows the same contents. */
export async function contentsInProduction({
  catalog,
  publisher,
  working,
}: Ports<"catalog" | "publisher" | "working">): Promise<string> {
  const shown = await publisher.read("production");
  switch (shown.kind) {
    case "snapshot": {
      const snapshot = await catalog.find(shown.name);
      return (snapshot && contentsOf(snapshot.meta)) ?? `name:${shown.name}`;
    }
    case "working-mirror":
      return `sync:${working.current()?.name ?? ""}`;
    case "foreign":
      return `path:${shown.path}`;
    case "none":
      return "nothing";
  }
}
