import { dirname, join } from "node:path";
import { hasCode } from "../../../errors.ts";
import { flushTrees } from "../../../platform/flush.ts";
import { type MendingRoom, openMendingRoom, ownCarried, SnapshotError } from "../../../snapshot/index.ts";
import type { Place } from "./survey-trees.ts";

/** A file with the right bytes, and the names that are to lead to it. */
export interface Replacement {
  readonly healthy: string;
  readonly places: readonly Place[];
}

/** Why a name could not be given, by its absolute path. */
export type Failures = ReadonlyMap<string, Error>;

interface Move {
  readonly room: MendingRoom;
  readonly staged: string;
  readonly name: Place;
}

/**
 * Gives each name the file with the right bytes. All of these are whole on disk, on the file system where they are
 * needed, before the first name moves; each name moves in one rename(2), so that a reader finds the old file or the new.
 */
export async function replaceNames(
  rooms: MendingRooms,
  replacements: readonly Replacement[],
  signal: AbortSignal,
): Promise<Failures> {
  const failures = new Map<string, Error>();
  const moves: Move[] = [];
  for (const [index, { healthy, places }] of replacements.entries()) {
    for (const [parent, names] of Map.groupBy(places, ({ tree }) => dirname(tree))) {
      await attempt(names, failures, async () => {
        const room = await rooms.open(parent);
        const staged = room.stage(healthy, String(index));
        moves.push(...names.map((name) => ({ room, staged, name })));
      });
    }
  }
  await rooms.flush([], signal);
  for (const { room, staged, name } of ownLast(moves))
    await attempt([name], failures, async () => giveName(room, staged, name));
  await rooms.flush([...new Set(moves.map(({ name }) => name.tree))], signal);
  return failures;
}

/** A run that is killed in between leaves what it was asked to verify damaged, so that the same command goes on. */
const ownLast = (moves: readonly Move[]): readonly Move[] => [
  ...moves.filter(({ name }) => !name.isOwn),
  ...moves.filter(({ name }) => name.isOwn),
];

function giveName(room: MendingRoom, staged: string, { tree, path, isOwn }: Place): void {
  if (isOwn) ownCarried(tree, path); // first: what was given and is still carried would be taken away when its time is over
  room.replace(staged, tree, path);
}

/** What does not work for these names need not keep others from being mended. */
async function attempt(
  names: readonly Place[],
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

/** A full disk, a directory of another user or on another disk, something else in the way, a tree that is gone. */
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

/** One for each directory of trees, opened as it is needed. */
export class MendingRooms implements AsyncDisposable {
  readonly #rooms = new Map<string, Promise<MendingRoom>>();

  async open(parent: string): Promise<MendingRoom> {
    const room = this.#rooms.get(parent) ?? openMendingRoom(parent);
    this.#rooms.set(parent, room);
    return await room;
  }

  /** What stands in the rooms, and in trees. */
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
