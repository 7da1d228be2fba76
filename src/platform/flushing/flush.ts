import { join } from "node:path";
import { hasCode } from "../../errors.ts";
import { syncDirectory, syncPath } from "../files.ts";
import { paced } from "../flow/paced.ts";
import { listDirectory, statIfAny } from "../look.ts";
import { FlushError } from "./flush-error.ts";
import { flushFileSystems, isCommandMissing, isEndedBySignal } from "./flush-file-systems.ts";

/**
 * Flushes trees and single files to the disk, with everything else that was written to their file systems: one call for a whole
 * tree takes a fraction of the time of an fsync(2) for each file. Throws FlushError if something may be lost.
 */
export async function flushTrees(trees: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await flushFileSystems(trees, signal);
  } catch (error) {
    if (isEndedBySignal(error)) signal.throwIfAborted();
    if (!isCommandMissing(error)) throw error;
    for (const tree of trees) await flushAlone(tree, signal);
  }
}

async function flushAlone(path: string, signal: AbortSignal): Promise<void> {
  try {
    if (statIfAny(path)?.isFile() === true) syncPath(path);
    else await flushEach(path, signal);
  } catch (error) {
    throw hasCode(error, ...lostBytes) ? new FlushError(path, error) : error;
  }
}

/** Of fsync(2): what was written is not on the disk, and a second call would not say so. */
const lostBytes = ["EIO", "ENOSPC", "EDQUOT"];

/** Flushes each file. For systems without coreutils, such as a minimal container. */
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
