import { setImmediate } from "node:timers/promises";
import { hasCode } from "../errors.ts";
import { removeEmptyDirectory, removeFile, removeNamesOfOtherBytes } from "./files.ts";
import { listDirectory, statLinkIfAny } from "./look.ts";

/**
 * Removes a directory tree, if it exists. Follows no links. Lets the rest of the process have its turn in between. This
 * walk takes less time than Node's own: rmSync opens and reads every directory twice, and the asynchronous rm tries
 * rmdir(2) on every directory before that is empty.
 */
export async function removeTree(path: string): Promise<void> {
  if (statLinkIfAny(path)?.isDirectory() !== true) {
    removeFile(path);
    return;
  }
  await emptyDirectory(path);
  removeIfThere(path);
}

/** Removes what is below a directory. */
export async function emptyDirectory(path: string): Promise<void> {
  const steps = removeBelow(path);
  for (let count = 1; steps.next().done !== true; count++)
    if (count % stepsBetweenTurns === 0) await setImmediate();
}

/** Most steps are directories of a few files. */
const stepsBetweenTurns = 50;
const filesOfStep = 50;

/** Yields after each directory, and in large ones in between. Another run may remove names at the same time. */
function* removeBelow(directory: string): Generator<void> {
  let files = 0;
  for (const entry of listDirectory(directory)) {
    const path = `${directory}/${entry.name}`;
    // Node puts this character in place of bytes that are not UTF-8. A name that really has it is removed like any other.
    if (entry.name.includes("\u{fffd}")) removeNamesOfOtherBytes(directory);
    if (entry.isDirectory()) {
      yield* removeBelow(path);
      yield removeIfThere(path);
    } else {
      removeFile(path);
      if (++files % filesOfStep === 0) yield;
    }
  }
}

function removeIfThere(directory: string): void {
  try {
    removeEmptyDirectory(directory);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR")) throw error;
  }
}
