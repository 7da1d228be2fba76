import type { TestConditions } from "../../gates/index.ts";
import { contentsOf, type Snapshot } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

/** Returns what verdicts on a snapshot depend on; undefined if its contents are not known, so that none can be kept. */
export async function conditionsOf(
  ports: Ports<"catalog" | "publisher" | "working">,
  { meta }: Snapshot,
): Promise<TestConditions | undefined> {
  const contents = contentsOf(meta);
  if (contents === undefined) return undefined;
  return { contents, production: await contentsInProduction(ports), beside: {} };
}

/** Returns a text that is the same while production shows the same contents. */
async function contentsInProduction({
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
