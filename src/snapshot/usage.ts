import { paced } from "../platform/paced.ts";
import { walkTree } from "./tree.ts";

/** How many of a snapshot's bytes would be freed with it, and how many it shares with other trees. */
export interface SnapshotUsage {
  readonly uniqueBytes: number;
  readonly sharedBytes: number;
}

/**
 * Measures a tree. A file is only the snapshot's own if all the names that the kernel counts for it are in this tree,
 * except the one in the store. It is read from the disk as it is now: nothing has to be remembered.
 */
export async function measureUsage(root: string, signal: AbortSignal): Promise<SnapshotUsage> {
  const files = new Map<number, { names: number; links: number; sizeBytes: number }>();
  for await (const { stats } of paced(walkTree(root), signal)) {
    const file = files.get(stats.ino);
    if (file === undefined) files.set(stats.ino, { names: 1, links: stats.nlink, sizeBytes: stats.size });
    else file.names++;
  }
  let uniqueBytes = 0;
  let sharedBytes = 0;
  for (const { names, links, sizeBytes } of files.values()) {
    if (links <= names + 1) uniqueBytes += sizeBytes;
    else sharedBytes += sizeBytes;
  }
  return { uniqueBytes, sharedBytes };
}
