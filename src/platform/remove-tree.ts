import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { hasCode } from "../errors.ts";
import {
  listDirectory,
  removeDirectoryAtOnce,
  removeEmptyDirectory,
  removeFile,
  statLinkIfAny,
} from "./files.ts";

/**
 * Removes a directory tree, if it exists. Follows no links. Lets the rest of the process have its turn in between. Node's
 * asynchronous rm takes more than twice the time: it tries rmdir(2) on every directory before that is empty.
 */
export async function removeTree(path: string): Promise<void> {
  if (statLinkIfAny(path)?.isDirectory() !== true) {
    removeFile(path);
    return;
  }
  const removals = removeEach(path);
  for (let count = 1; removals.next().done !== true; count++)
    if (count % removalsBetweenTurns === 0) await setImmediate();
}

const removalsBetweenTurns = 100;

/** Yields after each removal. Another run may remove names at the same time. */
function* removeEach(directory: string, levelsAbove = 2): Generator<void> {
  for (const entry of listDirectory(directory)) {
    const path = join(directory, entry.name);
    if (!entry.isDirectory()) yield removeFile(path);
    else if (levelsAbove === 0) yield* removeAtOnce(path);
    else yield* removeEach(path, levelsAbove - 1);
  }
  yield removeIfThere(directory);
}

/** Removes a directory such as `pool/main/l` by one call, in C++: that saves a fifth of the processor time. */
function* removeAtOnce(directory: string): Generator<void> {
  yield removeDirectoryAtOnce(directory);
  if (statLinkIfAny(directory) !== undefined) yield* removeEach(directory, Infinity);
}

function removeIfThere(directory: string): void {
  try {
    removeEmptyDirectory(directory);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR")) throw error;
  }
}
