import { hasCode } from "../../../errors.ts";
import { removeTree } from "../../../platform/remove-tree.ts";
import type { FutureSpare } from "../../../publish/index.ts";
import { makeAlike, SnapshotError } from "../../../snapshot/index.ts";
import { findSoundSpare, type ListedTree, readListedTree, type SparePorts } from "./sound-spare.ts";

/*
 * With snapshots a sync costs what changed as well: the spare has the files of the tree that is shown, so it becomes the
 * snapshot, and a snapshot that is pruned becomes the next spare. Only if none is pruned, a spare is made link by link.
 */

/** What the spare becomes, and what becomes the spare, while a sync makes a snapshot and prunes others. */
export interface SnapshotSpare {
  /** Returns the path of the spare if it surely holds what the shown tree does. */
  readonly ready: () => Promise<string | undefined>;
  /** Takes the hidden tree of a pruned snapshot, whose objects are swept afterwards. Returns false if no spare is needed. */
  readonly take: (tree: string) => boolean;
  /** Makes the next spare, if one is needed. Returns how many trees were taken, and lost no file by that. */
  readonly refill: () => Promise<{ readonly lostNone: 0 | 1 }>;
}

export function openSnapshotSpare(ports: SparePorts): SnapshotSpare {
  const { working } = ports;
  let wasReady = false;
  let taken: FutureSpare | undefined;
  let read: { readonly listed: ListedTree | undefined } | undefined;
  /** Once for all steps: a list of many files takes a while. What somebody doubts meanwhile, the next sync reads. */
  const listedTree = (): ListedTree | undefined => (read ??= { listed: readListedTree(ports) }).listed;
  return {
    async ready() {
      const listed = listedTree();
      const spare = listed && (await findSoundSpare(ports, listed));
      wasReady = spare !== undefined;
      return spare;
    },
    take(tree) {
      markUnswept(ports);
      if (taken !== undefined || working.spare() !== undefined || listedTree() === undefined) return false;
      taken = working.takeForSpare(tree);
      return taken !== undefined;
    },
    async refill() {
      if (taken !== undefined) return { lostNone: (await reuse(ports, taken, listedTree())) ? 1 : 0 };
      if (wasReady && working.spare() === undefined) await makeNew(ports, listedTree());
      return { lostNone: 0 };
    },
  };
}

/** Lets the next sync look at every object if this one is cut off. Even without room for it, space is freed. */
function markUnswept({ memory }: SparePorts): void {
  try {
    memory.beginFreeing();
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
  }
}

/** Makes the tree the spare. Returns whether it has lost no file by that. */
async function reuse(
  ports: SparePorts,
  future: FutureSpare,
  listed: ListedTree | undefined,
): Promise<boolean> {
  const { path } = future;
  const changes = listed && (await makeLikeShown(ports, path, listed));
  if (changes === undefined) {
    await removeTree(path);
    return false;
  }
  future.keep();
  return !changes.lost;
}

/** Links every file. */
async function makeNew(ports: SparePorts, listed: ListedTree | undefined): Promise<void> {
  const future = ports.working.futureSpare();
  if (future === undefined) return;
  await removeTree(future.path);
  await reuse(ports, future, listed);
}

/** Without room, or if the shown tree lacks a file, there is no spare: the next sync links every file. */
async function makeLikeShown(
  ports: SparePorts,
  tree: string,
  { shown, list }: ListedTree,
): Promise<{ readonly lost: boolean } | undefined> {
  try {
    return await makeAlike(tree, { from: shown.path, list }, ports.signal);
  } catch (error) {
    const isFull = error instanceof SnapshotError && error.code === "SNAPSHOT_NO_SPACE";
    if (!isFull && !hasCode(error, "ENOSPC", "EDQUOT", "EMLINK", "ENOENT")) throw error;
    return undefined;
  }
}
