import { join } from "node:path";
import { statLinkIfAny } from "../platform/files.ts";
import { paced } from "../platform/paced.ts";
import { walkOwnInGroups, walkOwnPaths } from "./tree.ts";

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
  const count = (path: string): void => {
    const stats = statLinkIfAny(`${root}/${path}`);
    const file = stats && files.get(stats.ino);
    if (file !== undefined) file.names++;
    else if (stats) files.set(stats.ino, { names: 1, links: stats.nlink, sizeBytes: stats.size });
  };
  for await (const paths of paced(walkOwnInGroups(root), signal, groupsPerTurn)) paths.forEach(count);
  let uniqueBytes = 0;
  let sharedBytes = 0;
  for (const { names, links, sizeBytes } of files.values()) {
    if (links <= names + 1) uniqueBytes += sizeBytes;
    else sharedBytes += sizeBytes;
  }
  return { uniqueBytes, sharedBytes };
}

/** Most groups are directories of a few files. */
const groupsPerTurn = 50;

/**
 * Returns whether two trees of one generation share their inodes. A tree is cloned by links or by copies, so one file tells:
 * only a file with as many names as the file system allows is an exception.
 */
export function areLinked(tree: string, other: string): boolean {
  const [path] = walkOwnPaths(tree);
  if (path === undefined) return false;
  const [a, b] = [tree, other].map((root) => statLinkIfAny(join(root, path)));
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}
