import type { TreeFacts } from "../../contents/index.ts";
import { inodeIfAny } from "../../platform/look.ts";
import type { PublicName } from "../../publish/index.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import { reservedNameFault, workingMirrorName } from "../../snapshot-name.ts";
import type { MirrorContext, Ports } from "../context.ts";
import { readFactsOf } from "./read-facts.ts";
import { requireSnapshot } from "./require-snapshot.ts";

/** What a tree is found for, in the words of the errors. */
interface TreeUse {
  readonly verb: "compared" | "checked" | "tested" | "read";
  /** What to do if production or staging leads to no tree. */
  readonly hint: string;
}

/** A tree to read. */
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
export async function findTree(ports: FindPorts, name: string, use: TreeUse): Promise<FoundTree> {
  const snapshot = await ports.catalog.find(name);
  if (snapshot !== undefined) return treeOfSnapshot(ports, snapshot, use);
  const { staging, production } = ports.mirror.publish;
  if (name === "production" || name === production) return await findShown(ports, "production", use);
  if (name === "staging" || name === staging) return await findShown(ports, "staging", use);
  if (name === "working" || name === workingMirrorName) return findWorkingMirror(ports, use);
  return treeOfSnapshot(ports, await requireSnapshot(ports, name), use);
}

/** Returns why commands would read the name of a new snapshot in another way, as the end of a sentence. */
export function misreadNameFault(
  { publish: { staging, production } }: MirrorContext["mirror"],
  name: string,
): string | undefined {
  const namesOfTrees = ["production", production, "staging", staging, "working", workingMirrorName];
  if (namesOfTrees.includes(name)) return "means another tree in commands such as snapshot diff";
  return reservedNameFault(name);
}

async function findShown(ports: FindPorts, name: PublicName, use: TreeUse): Promise<FoundTree> {
  const { mirror, publisher, layout } = ports;
  const shown = await publisher.read(name);
  switch (shown.kind) {
    case "snapshot":
      return treeOfSnapshot(ports, await requireSnapshot(ports, shown.name), use);
    case "working-mirror":
      return findWorkingMirror(ports, use);
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
          hint: use.hint,
        },
      );
  }
}

/** Returns the tree of a snapshot. */
export function treeOfSnapshot(
  { mirror }: Ports<"mirror">,
  { name, path, meta }: Snapshot,
  { verb }: Pick<TreeUse, "verb">,
): FoundTree {
  return {
    name,
    path,
    facts: meta.facts,
    suites: meta.releases.map(({ suite }) => suite),
    assertUnchanged: unchangedAssertion(path, `snapshot ${name} of ${mirror.id}`, mirror.id, verb),
  };
}

function findWorkingMirror(ports: FindPorts, { verb }: TreeUse): FoundTree {
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
    assertUnchanged: unchangedAssertion(
      generation.path,
      `the working mirror of ${mirror.id}`,
      mirror.id,
      verb,
    ),
  };
}

/** A removed tree has no files, and a replaced one has those of another: neither must look like a difference. */
function unchangedAssertion(path: string, what: string, id: string, verb: TreeUse["verb"]): () => void {
  const found = inodeIfAny(path)?.id;
  return () => {
    const present = inodeIfAny(path)?.id;
    if (present !== undefined && present === found) return;
    throw new SnapshotError(
      "SNAPSHOT_NOT_FOUND",
      `${what} was ${present === undefined ? "removed" : "replaced"} while it was ${verb}`,
      { facts: { path }, hint: `Repeat the command. To see what there is: mirrorctl snapshot list ${id}` },
    );
  };
}
