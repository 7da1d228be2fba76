import { dirname, join } from "node:path";
import { hasCode } from "../../errors.ts";
import { copyWithTimes, linkFile, makeDirectory, removeFile } from "../../platform/files.ts";
import { paced } from "../../platform/flow/paced.ts";
import { lacksHardLinks } from "../../platform/hard-links.ts";
import { statLinkIfAny } from "../../platform/look.ts";
import { assertSpaceForClone, type CloneMethod } from "./clone-space.ts";
import { walkOwnInGroups } from "./tree.ts";

export type { CloneMethod } from "./clone-space.ts";

/**
 * Makes a tree of `source`'s own files: by hard links or, on another file system, by copies, for which there must be space.
 * `target` must not exist; `parent`, its directory, must.
 */
export async function cloneTree(
  source: string,
  target: string,
  parent: string,
  signal: AbortSignal,
): Promise<CloneMethod> {
  const groups: (readonly string[])[] = [];
  for await (const paths of paced(walkOwnInGroups(source), signal, groupsPerTurn)) groups.push(paths);
  const paths = groups.flat();
  const how = canLink(source, paths[0], parent) ? "linked" : "copied";
  await assertSpaceForClone(source, paths, parent, how, signal);
  const cloneFile = how === "linked" ? linkOrCopy : copier();
  const steps = how === "linked" ? paced(groups, signal, groupsPerTurn) : paced(singly(paths), signal);
  let made: string | undefined;
  makeDirectory(target);
  for await (const group of steps) {
    const directory = dirname(`${target}/${group[0]}`);
    if (directory !== made) makeDirectory(directory);
    made = directory;
    for (const path of group) cloneFile(`${source}/${path}`, `${target}/${path}`);
  }
  return how;
}

/** Most groups are directories of a few files. */
const groupsPerTurn = 20;

/** A copy may take as long as many links. */
const singly = (paths: readonly string[]): readonly (readonly string[])[] => paths.map((path) => [path]);

/** Tries a link: two mounts of one file system have the same device number and allow no link between them. */
function canLink(source: string, first: string | undefined, parent: string): boolean {
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

/** The path of the link that `canLink` tries. */
export const probePath = (parent: string): string => join(parent, ".probe");

function linkOrCopy(source: string, target: string): void {
  try {
    linkFile(source, target);
  } catch (error) {
    // This file has as many names as the file system allows. The others can still be linked.
    if (!hasCode(error, "EMLINK")) throw error;
    copyWithTimes(source, target);
  }
}

/** Copies each file once: names of one file, such as those by hash, share its copy if the file system has hard links. */
function copier(): (source: string, target: string) => void {
  const copies = new Map<number, string>();
  return (source, target) => {
    const inode = statLinkIfAny(source)?.ino ?? 0;
    const copy = copies.get(inode);
    if (copy !== undefined && isLinked(copy, target)) return;
    copyWithTimes(source, target);
    copies.set(inode, target);
  };
}

function isLinked(source: string, target: string): boolean {
  try {
    linkFile(source, target);
    return true;
  } catch (error) {
    if (!lacksHardLinks(error)) throw error;
    return false;
  }
}
