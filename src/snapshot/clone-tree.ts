import { dirname, join } from "node:path";
import { hasCode } from "../errors.ts";
import {
  copyWithTimes,
  freeSpace,
  linkFile,
  makeDirectory,
  removeFile,
  statLinkIfAny,
} from "../platform/files.ts";
import { pauseNow } from "../platform/pause.ts";
import { formatBytes } from "../report/units.ts";
import { SnapshotError } from "./errors.ts";
import { walkOwnPaths, walkTree } from "./tree.ts";

export type CloneMethod = "linked" | "copied";

/**
 * Makes `target` a tree of the files that are `source`'s own: by hard links or, where the two stand on different file systems,
 * by copies, for which there must be space. `target` must not exist; the directory that it is to stand in must.
 */
export async function cloneTree(
  source: string,
  target: string,
  parent: string,
  signal: AbortSignal,
): Promise<CloneMethod> {
  const how = canLink(source, parent) ? "linked" : "copied";
  if (how === "copied") assertSpaceForCopy(source, parent);
  const cloneFile = how === "linked" ? linkOrCopy : copier();
  const made = new Set<string>();
  let count = 0;
  makeDirectory(target);
  for (const path of walkOwnPaths(source)) {
    const directory = dirname(join(target, path));
    if (!made.has(directory)) makeDirectory(directory);
    made.add(directory);
    cloneFile(join(source, path), join(target, path));
    if (++count % filesBetweenPauses === 0) await pauseNow();
    signal.throwIfAborted();
  }
  return how;
}

const filesBetweenPauses = 1000;

/** Tried, not looked up: two mounts of one file system have the same device number and allow no link between them. */
function canLink(source: string, parent: string): boolean {
  const [first] = walkOwnPaths(source);
  if (first === undefined) return true;
  const probe = probePath(parent);
  removeFile(probe);
  try {
    linkFile(join(source, first), probe);
    return true;
  } catch (error) {
    if (hasCode(error, "EMLINK")) return true;
    if (hasCode(error, "EXDEV")) return false;
    throw error;
  } finally {
    removeFile(probe);
  }
}

/** The name of a link that is made only to see whether it can be. */
export const probePath = (parent: string): string => join(parent, ".probe");

function linkOrCopy(source: string, target: string): void {
  try {
    linkFile(source, target);
  } catch (error) {
    // This one file has all the names that the file system allows; the others can still be linked.
    if (!hasCode(error, "EMLINK")) throw error;
    copyWithTimes(source, target);
  }
}

/** Copies each file once: names that share a file in the source, such as those by hash, share its copy. */
function copier(): (source: string, target: string) => void {
  const copies = new Map<number, string>();
  return (source, target) => {
    const inode = statLinkIfAny(source)?.ino ?? 0;
    const copy = copies.get(inode);
    if (copy !== undefined) {
      linkFile(copy, target);
      return;
    }
    copyWithTimes(source, target);
    copies.set(inode, target);
  };
}

function assertSpaceForCopy(source: string, parent: string): void {
  const sizes = new Map<number, number>();
  for (const { stats } of walkTree(source)) sizes.set(stats.ino, stats.size);
  const neededBytes = sizes.values().reduce((sum, sizeBytes) => sum + sizeBytes, 0);
  const freeBytes = freeSpace(parent).bytes;
  if (neededBytes <= freeBytes) return;
  throw new SnapshotError(
    "SNAPSHOT_NO_SPACE",
    `a snapshot needs ${formatBytes(neededBytes)}, and ${parent} has ${formatBytes(freeBytes)} free`,
    {
      facts: { neededBytes, freeBytes },
      hint: "It is on another file system than dir, so that files are copied: put snapshot.path beside dir, or free space.",
    },
  );
}
