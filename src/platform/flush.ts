import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { hasCode } from "../errors.ts";
import { syncDirectory } from "./files.ts";

const run = promisify(execFile);

/**
 * Waits until everything that was written to the file system of `path` stands on the disk: syncfs(2), which Node lacks
 * and coreutils' `sync -f` has. Once for a whole tree it costs a fraction of an fsync(2) for each of its files.
 */
export async function flushFileSystem(path: string, signal: AbortSignal): Promise<void> {
  try {
    await run("sync", ["-f", path]);
  } catch (error) {
    signal.throwIfAborted(); // Ctrl-C at a terminal reaches the command as well
    // Without coreutils, what a journalling file system orders before a directory's own changes is what can be had.
    if (!hasCode(error, "ENOENT")) throw error;
    syncDirectory(path);
  }
}
