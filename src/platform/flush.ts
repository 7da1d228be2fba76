import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { hasCode } from "../errors.ts";
import { listDirectory, statIfAny, syncDirectory, syncPath } from "./files.ts";
import { paced } from "./paced.ts";

const run = promisify(execFile);

/**
 * Waits until trees stand on the disk, with everything else that was written to their file systems: syncfs(2), which Node
 * lacks and coreutils' `sync -f` has. Once for a whole tree it costs a fraction of an fsync(2) for each of its files.
 */
export async function flushTrees(trees: readonly string[], signal: AbortSignal): Promise<void> {
  const oneOfEachFileSystem = new Map(trees.map((tree) => [statIfAny(tree)?.dev, tree]));
  try {
    await run("sync", ["-f", ...oneOfEachFileSystem.values()]);
  } catch (error) {
    signal.throwIfAborted(); // Ctrl-C at a terminal reaches the command as well
    if (!hasCode(error, "ENOENT")) throw error;
    for (const tree of trees) await flushEach(tree, signal);
  }
}

/** Where there are no coreutils, such as in a container that holds little more than mirrorctl. */
async function flushEach(directory: string, signal: AbortSignal): Promise<void> {
  for await (const entry of paced(listDirectory(directory), signal, filesPerTurn)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await flushEach(path, signal);
    else if (entry.isFile()) syncPath(path);
  }
  syncDirectory(directory);
}

/** An fsync(2) takes milliseconds. */
const filesPerTurn = 5;
