/** How much a file system can still take. */
import { statfsSync } from "node:fs";
import { nearestExisting } from "./look.ts";

/** Returns the free space of the file system of a path, or of the nearest existing directory above it. */
export function freeSpace(path: string): { readonly bytes: number; readonly inodes: number | undefined } {
  const { bavail, bsize, files, ffree } = statfsSync(nearestExisting(path));
  // btrfs and others make inodes on demand, and report none.
  return { bytes: bavail * bsize, inodes: files === 0 ? undefined : ffree };
}

/** Returns the smaller share of space or inodes that is free, from 0 to 1, as df(1) counts them. */
export function freeShare(path: string): number {
  const { bavail, bfree, blocks, files, ffree } = statfsSync(nearestExisting(path));
  const usable = blocks - bfree + bavail; // without what is reserved for root
  return Math.min(usable === 0 ? 1 : bavail / usable, files === 0 ? 1 : ffree / files);
}

/** Returns the number of the file system type, as in linux/magic.h. */
export const fileSystemType = (path: string): number => statfsSync(path).type;
