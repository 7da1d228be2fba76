import { dirname, join } from "node:path";
import { hasCode } from "../../../errors.ts";
import { paced } from "../../../platform/flow/paced.ts";
import { flushTrees } from "../../../platform/flushing/flush.ts";
import { type MendingRoom, openMendingRoom, ownCarried, SnapshotError } from "../../../snapshot/index.ts";
import type { NameInTree } from "./survey-trees.ts";

/** A file with the right bytes, and the names that it gets. */
interface Replacement {
  /** Absolute path of the file. */
  readonly healthy: string;
  readonly targets: readonly NameInTree[];
}

interface StagedName {
  readonly room: MendingRoom;
  readonly staged: string;
  readonly target: NameInTree;
}

/**
 * Gives each target the file with the right bytes. All of these are complete on disk, on the file system of their targets,
 * before the first name is replaced. Each name is replaced by one rename(2), so that a reader finds the old file or the
 * new one. Returns why names could not be replaced, by their absolute paths.
 */
export async function replaceNames(
  rooms: RepairRooms,
  replacements: readonly Replacement[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Error>> {
  const failures = new Map<string, Error>();
  const names: StagedName[] = [];
  for await (const [index, { healthy, targets }] of paced(replacements.entries(), signal)) {
    for (const [parent, ofParent] of Map.groupBy(targets, ({ tree }) => dirname(tree))) {
      await attempt(ofParent, failures, async () => {
        const room = await rooms.open(parent);
        const staged = room.stage(healthy, String(index));
        names.push(...ofParent.map((target) => ({ room, staged, target })));
      });
    }
  }
  await rooms.flush([], signal);
  for await (const { room, staged, target } of paced(ownLast(names), signal))
    await attempt([target], failures, async () => replaceName(room, staged, target));
  await rooms.flush([...new Set(names.map(({ target }) => target.tree))], signal);
  return failures;
}

/** The names that the check found are last: if the run is killed before, the same command finds and repairs them again. */
const ownLast = (names: readonly StagedName[]): readonly StagedName[] => [
  ...names.filter(({ target }) => !target.isOwn),
  ...names.filter(({ target }) => target.isOwn),
];

function replaceName(room: MendingRoom, staged: string, { tree, path, isOwn }: NameInTree): void {
  if (isOwn) ownCarried(tree, path); // first, or the file would be removed when the time of carried files ends
  room.replace(staged, tree, path);
}

/** Runs `work`, and notes the names that it fails for, so that others can be repaired. */
async function attempt(
  names: readonly NameInTree[],
  failures: Map<string, Error>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SnapshotError) && !hasCode(error, ...codesOfOneName)) throw error;
    for (const { tree, path } of names) failures.set(join(tree, path), error);
  }
}

/** A full disk, a directory of another user or on another disk, something else in the way, a tree that was removed. */
const codesOfOneName = [
  "ENOSPC",
  "EDQUOT",
  "EACCES",
  "EPERM",
  "EROFS",
  "EIO",
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "EEXIST",
  "EXDEV",
] as const;

/** A directory for complete files beside the trees of each parent directory, opened when it is needed. */
export class RepairRooms implements AsyncDisposable {
  readonly #rooms = new Map<string, Promise<MendingRoom>>();

  async open(parent: string): Promise<MendingRoom> {
    const room = this.#rooms.get(parent) ?? openMendingRoom(parent);
    this.#rooms.set(parent, room);
    return await room;
  }

  /** Waits until the files in the rooms and in `trees` are on disk. */
  async flush(trees: readonly string[], signal: AbortSignal): Promise<void> {
    const rooms = await this.#opened();
    await flushTrees([...rooms.map(({ path }) => path), ...trees], signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const room of await this.#opened()) await room.close();
  }

  async #opened(): Promise<readonly MendingRoom[]> {
    const rooms = await Promise.allSettled(this.#rooms.values());
    return rooms.filter((room) => room.status === "fulfilled").map(({ value }) => value);
  }
}
