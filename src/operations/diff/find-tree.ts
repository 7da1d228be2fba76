import type { TreeFacts } from "../../contents/index.ts";
import { inodeIfAny } from "../../platform/files.ts";
import type { PublicName } from "../../publish/index.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { Ports } from "../context.ts";
import { requireSnapshot } from "../production/index.ts";
import { readFactsOf } from "./read-facts.ts";

/** A tree to compare. */
export interface FoundTree {
  readonly name: string;
  readonly path: string;
  readonly facts: TreeFacts | undefined;
  /** The suites to look for without facts. */
  readonly suites: readonly string[];
  /** Throws if the tree was removed or replaced since it was found. */
  assertUnchanged(): void;
}

type FindPorts = Ports<"mirror" | "catalog" | "publisher" | "working" | "memory" | "history" | "layout">;

/** Finds the tree of this name: a snapshot or, if none has it, production, staging (or their links) or "working". */
export async function findTree(ports: FindPorts, name: string): Promise<FoundTree> {
  const snapshot = await ports.catalog.find(name);
  if (snapshot !== undefined) return treeOfSnapshot(ports, snapshot);
  const { staging, production } = ports.mirror.publish;
  if (name === "production" || name === production) return await findShown(ports, "production");
  if (name === "staging" || name === staging) return await findShown(ports, "staging");
  if (name === "working" || name === workingMirrorName) return findWorkingMirror(ports);
  return treeOfSnapshot(ports, await requireSnapshot(ports, name));
}

async function findShown(ports: FindPorts, name: PublicName): Promise<FoundTree> {
  const { mirror, publisher, layout } = ports;
  const shown = await publisher.read(name);
  switch (shown.kind) {
    case "snapshot":
      return treeOfSnapshot(ports, await requireSnapshot(ports, shown.name));
    case "working-mirror":
      return findWorkingMirror(ports);
    case "none":
    case "foreign":
      throw new SnapshotError(
        name === "staging" ? "NOTHING_STAGED" : "NOTHING_IN_PRODUCTION",
        shown.kind === "none"
          ? `${mirror.id} has nothing in ${name}`
          : `${name} of ${mirror.id} leads to no snapshot of this mirror`,
        {
          facts: {
            link: layout[name],
            leadsTo: shown.kind === "foreign" ? shown.path : undefined,
          },
          hint: `Name two trees: mirrorctl snapshot diff ${mirror.id} FROM TO, each a snapshot, production, staging or working.`,
        },
      );
  }
}

function treeOfSnapshot({ mirror }: FindPorts, { name, path, meta }: Snapshot): FoundTree {
  return {
    name,
    path,
    facts: meta.facts,
    suites: meta.releases.map(({ suite }) => suite),
    assertUnchanged: unchangedAssertion(path, `snapshot ${name} of ${mirror.id}`, mirror.id),
  };
}

function findWorkingMirror(ports: FindPorts): FoundTree {
  const { mirror, working } = ports;
  const generation = working.current();
  if (generation === undefined)
    throw new SnapshotError("NOTHING_SYNCED", `${mirror.id} has no working mirror yet`, {
      hint: `Sync it first: mirrorctl sync ${mirror.id}`,
    });
  return {
    name: workingMirrorName,
    path: generation.path,
    facts: readFactsOf(ports, generation.name),
    suites: mirror.suites,
    assertUnchanged: unchangedAssertion(generation.path, `the working mirror of ${mirror.id}`, mirror.id),
  };
}

/** A removed tree has no files, and a replaced one has those of another: neither must look like a difference. */
function unchangedAssertion(path: string, what: string, id: string): () => void {
  const found = inodeIfAny(path)?.id;
  return () => {
    const present = inodeIfAny(path)?.id;
    if (present !== undefined && present === found) return;
    throw new SnapshotError(
      "SNAPSHOT_NOT_FOUND",
      `${what} was ${present === undefined ? "removed" : "replaced"} while it was compared`,
      { facts: { path }, hint: `Compare again. To see what there is: mirrorctl snapshot list ${id}` },
    );
  };
}
