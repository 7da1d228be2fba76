import { walkTree } from "./tree.ts";

/** How much of a snapshot's bytes would be freed with it, and how much other trees share. */
export interface SnapshotUsage {
  readonly uniqueBytes: number;
  readonly sharedBytes: number;
}

/**
 * A file is the snapshot's alone when every name the kernel counts for it stands in this tree, but for the one in the
 * store. Read from the disk as it is now, so that it needs no bookkeeping.
 */
export function measureUsage(root: string): SnapshotUsage {
  const files = new Map<number, { names: number; links: number; sizeBytes: number }>();
  for (const { stats } of walkTree(root)) {
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
