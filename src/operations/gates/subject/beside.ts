import type { Snapshot } from "../../../snapshot/index.ts";
import type { Ports } from "../../context.ts";
import { type FoundTree, findTree, treeOfSnapshot } from "../../trees/index.ts";

/** What is asked of another mirror. */
export type BesidePorts = Ports<
  | "mirror"
  | "layout"
  | "catalog"
  | "publisher"
  | "working"
  | "memory"
  | "history"
  | "signal"
  | "emit"
  | "invokerFiles"
  | "decoderCommands"
>;

/** Another mirror, from which machines install too. */
export interface BesideMirror {
  readonly ports: BesidePorts;
  /** What its production shows; undefined if it shows nothing. */
  readonly before: FoundTree | undefined;
  /** What its production will show once the tested snapshot is promoted: a snapshot that goes with it, or the same. */
  readonly after: FoundTree;
}

/** Snapshots that are promoted together, by the mirror. */
export type Together = ReadonlyMap<string, Snapshot>;

/** Throws a SnapshotError if production shows nothing, and will show nothing. */
export async function openBeside(
  ports: BesidePorts,
  together: Together,
  tested: string,
): Promise<BesideMirror> {
  const { id } = ports.mirror;
  const use = {
    verb: "tested",
    hint: `Machines of ${tested} install from ${id} too (with). Promote it first, or both together: mirrorctl snapshot promote ${tested} ${id}`,
  } as const;
  const candidate = together.get(id);
  const { kind } = await ports.publisher.read("production");
  if (candidate === undefined) {
    const shown = await findTree(ports, "production", use);
    return { ports, before: shown, after: shown };
  }
  const before = kind === "none" ? undefined : await findTree(ports, "production", use);
  return { ports, before, after: treeOfSnapshot(ports, candidate, use) };
}
