import { dirname, join, posix } from "node:path";
import { hasCode } from "../errors.ts";
import { makeDirectory, removeEmptyDirectory, removeFile, statLinkIfAny } from "../platform/files.ts";
import { type CarriedFiles, readCarried, writeCarried } from "./carried.ts";
import { readReleaseIfAny } from "./description.ts";
import { linkOrCopyDurably } from "./link-or-copy-durably.ts";
import { walkPaths } from "./tree.ts";

export interface CarryOptions {
  readonly now: Date;
  readonly until: Date;
  /** Asked of each path in `from`: what is damaged helps nobody. */
  readonly isSound?: ((path: string) => boolean) | undefined;
}

/**
 * Shows the files of the tree `from` in the tree `to` as well, until `until`, where `to` has none of its own at that
 * path: indices by their digests, and packages. What `from` was carrying itself goes along for the time that it has left.
 * Signature files stay behind, since a suite that is gone must not seem to be there, and whatever a Release of `to` lists
 * and `to` lacks. Answers how many files came.
 *
 * The record is written before the first file stands, so that a run that is killed leaves nothing that could be taken for
 * a part of the snapshot.
 */
export function carryOver(from: string, to: string, options: CarryOptions): number {
  dropExpired(to, options.now);
  const held = readCarried(to);
  const offered = offeredBy(from, to, held, options);
  if (offered.size === 0) return 0;
  writeCarried(to, latest(held, offered));
  let files = 0;
  for (const path of offered.keys()) if (linkCarried(from, to, path)) files++;
  return files;
}

/** Removes what a tree carried for others and whose time is over. Answers how many files that were. */
export function dropExpired(tree: string, now: Date): number {
  const carried = readCarried(tree);
  const expired = [...carried].filter(([, until]) => until <= now).map(([path]) => path);
  if (expired.length === 0) return 0;
  for (const path of expired) removeCarried(tree, path);
  shortenRecord(tree, new Map([...carried].filter(([, until]) => until > now)));
  return expired.length;
}

/** On a full disk the record goes on naming files that are gone, which does no harm: what frees space has to work there. */
function shortenRecord(tree: string, left: CarriedFiles): void {
  try {
    writeCarried(tree, left);
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
  }
}

function offeredBy(
  from: string,
  to: string,
  held: CarriedFiles,
  { now, until, isSound = () => true }: CarryOptions,
): CarriedFiles {
  const carriedThere = readCarried(from);
  const offered = new Map<string, Date>();
  const listed: string[] = [];
  for (const path of walkPaths(from)) {
    if (signatureNames.has(posix.basename(path))) {
      listed.push(...namesListed(to, path));
      continue;
    }
    const left = carriedThere.get(path) ?? until;
    if (left <= now) continue;
    const isOwn = !held.has(path) && statLinkIfAny(join(to, path)) !== undefined;
    if (!isOwn && isSound(path)) offered.set(path, left);
  }
  for (const path of listed) offered.delete(path);
  return offered;
}

/**
 * What a Release of the tree lists. What it lists and does not have, as upstreams do, a client of it may ask for: that is
 * 404, as upstream, and not another day's bytes.
 */
function namesListed(tree: string, path: string): readonly string[] {
  const names = readReleaseIfAny(tree, path)?.files.keys() ?? [];
  return [...names].map((name) => posix.join(posix.dirname(path), name));
}

const signatureNames: ReadonlySet<string> = new Set(["InRelease", "Release", "Release.gpg"]);

function latest(held: CarriedFiles, offered: CarriedFiles): CarriedFiles {
  const all = new Map(held);
  for (const [path, until] of offered) {
    const heldUntil = all.get(path);
    if (heldUntil === undefined || heldUntil < until) all.set(path, until);
  }
  return all;
}

/** False where it stands already, or where nothing can stand at that path: `to` has a directory, or a file above it. */
function linkCarried(from: string, to: string, path: string): boolean {
  const source = join(from, path);
  const target = join(to, path);
  const there = statLinkIfAny(target);
  if (there?.isDirectory() === true) return false;
  // Carried for an earlier tree. Two that had other bytes at one path: the later is what clients know.
  if (there !== undefined) {
    if (there.ino === statLinkIfAny(source)?.ino) return false;
    removeFile(target);
  }
  try {
    makeDirectory(dirname(target));
  } catch (error) {
    if (hasCode(error, "EEXIST", "ENOTDIR")) return false;
    throw error;
  }
  linkOrCopyDurably(source, target);
  return true;
}

/**
 * With the directories that were made for it: a tree has none that are empty. The record also names what could not be
 * stood, such as below a path at which the tree has a file of its own.
 */
function removeCarried(tree: string, path: string): void {
  if (statLinkIfAny(join(tree, path))?.isFile() === true) removeFile(join(tree, path));
  for (let below = posix.dirname(path); below !== "."; below = posix.dirname(below)) {
    if (!removeIfEmpty(join(tree, below))) return;
  }
}

function removeIfEmpty(directory: string): boolean {
  try {
    removeEmptyDirectory(directory);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
