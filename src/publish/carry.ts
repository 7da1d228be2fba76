import { dirname, posix } from "node:path";
import { hasCode } from "../errors.ts";
import { makeDirectory, removeFile } from "../platform/files.ts";
import { paced, pacedBatches } from "../platform/flow/paced.ts";
import { statLinkIfAny } from "../platform/look.ts";
import { signatureFileNames } from "../repository/index.ts";
import {
  type CarriedFiles,
  insideOf,
  linkOrCopyDurably,
  readCarried,
  readReleaseIfAny,
  removeFromTree,
  walkInGroups,
  writeCarried,
} from "../snapshot/index.ts";
import { PublishError } from "./errors.ts";
import { giveWay } from "./give-way.ts";
import type { Keep } from "./publisher.ts";

/**
 * Links files of the tree `from` (indices by their digests, packages) into the tree `to` for the time of `keep`, if `to`
 * has no file of its own at the path. What `from` carries itself comes along for the time that it has left. Returns how
 * many files it linked. Not carried: signature files, since a suite that is gone must not seem to exist, and files that a
 * Release of `to` lists and `to` lacks. What `to` carries for longer than its time stays unless it is in the way: its objects
 * are freed with it.
 *
 * The record is written before the first link, so that no file of a killed run can be taken for a part of the snapshot.
 */
export async function carryOver(from: string, to: string, keep: Keep, signal: AbortSignal): Promise<number> {
  if (keep.graceMs === 0) return 0; // without a look at `from`, which may be broken
  return naming(from, async () => {
    const held = readCarried(to);
    const { offered, there } = await filesToCarry(from, to, held, keep, signal);
    if (offered.size === 0) return 0;
    writeCarried(to, latest(giveWay(to, held, { offered, now: keep.now }), offered));
    let files = 0;
    const lacking = [...offered.keys()].filter((path) => !there.has(path));
    for await (const paths of pacedBatches(lacking, signal, linksPerTurn))
      files += paths.filter((path) => linkCarried(from, to, path)).length;
    return files;
  });
}

/** EUCLEAN, EBADMSG: how ext4 and xfs report damage to themselves. */
async function naming<Value>(from: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, "EIO", "EUCLEAN", "EBADMSG")) throw error;
    const message = `the files of ${from} could not be kept for its clients: ${error.message}`;
    throw new PublishError("TREE_UNREADABLE", message, {
      hint: 'The disk has a fault, and nothing has moved. To move it anyway, set [publish] grace = "0" for now: clients in the middle of an update may then have to repeat it.',
      cause: error,
    });
  }
}

/** Removes the carried files of a tree whose time is over. Returns how many. */
export async function dropExpired(tree: string, now: Date, signal: AbortSignal): Promise<number> {
  const carried = readCarried(tree);
  const expired = [...carried].filter(([, until]) => until <= now).map(([path]) => path);
  if (expired.length === 0) return 0;
  const isInside = insideOf(tree);
  for await (const path of paced(expired, signal)) if (isInside(path)) removeFromTree(tree, path);
  shortenRecord(tree, new Map([...carried].filter(([, until]) => until > now)));
  return expired.length;
}

/** On a full disk the record goes on naming removed files, which does no harm: freeing space has to work there. */
function shortenRecord(tree: string, left: CarriedFiles): void {
  try {
    writeCarried(tree, left);
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
  }
}

const linksPerTurn = 100;

/** Most directories of a pool have a few files. */
const groupsPerTurn = 50;
const looksPerTurn = 250;

/** What is carried, and until when. */
interface Offer {
  readonly offered: ReadonlyMap<string, Date>;
  /** Of these, what was carried before. */
  readonly there: ReadonlySet<string>;
}

async function filesToCarry(
  from: string,
  to: string,
  held: CarriedFiles,
  { now, graceMs, leaving, isSound = () => true }: Keep,
  signal: AbortSignal,
): Promise<Offer> {
  const until = new Date(now.getTime() + graceMs);
  const carriedThere = readCarried(from);
  const offered = new Map<string, Date>();
  const there = new Set<string>();
  const listed: string[] = [];
  const isInside = insideOf(to);
  const consider = (path: string): void => {
    if (signatureNames.has(path.slice(path.lastIndexOf("/") + 1))) {
      listed.push(...namesListed(to, path));
      return;
    }
    const left = carriedThere.get(path) ?? until;
    if (left <= now) return;
    const present = statLinkIfAny(`${to}/${path}`);
    if (present !== undefined && !held.has(path)) return; // its own
    const isFound = leaving === undefined; // by a walk, which yields files alone
    const source = isFound && present === undefined ? undefined : statLinkIfAny(`${from}/${path}`);
    if ((!isFound && source?.isFile() !== true) || !isInside(path) || !isSound(path)) return;
    offered.set(path, left);
    if (present !== undefined && present.ino === source?.ino && present.dev === source.dev) there.add(path);
  };
  if (leaving === undefined)
    for await (const paths of paced(walkInGroups(from), signal, groupsPerTurn)) paths.forEach(consider);
  else
    for await (const paths of pacedBatches([...leaving, ...carriedThere.keys()], signal, looksPerTurn))
      paths.forEach(consider);
  for (const path of listed) offered.delete(path);
  return { offered, there };
}

/**
 * Returns what a Release of the tree lists. A client may ask for a file that is listed and missing, as happens with
 * upstreams: it gets 404, as from upstream, and not the bytes of another day.
 */
function namesListed(tree: string, path: string): readonly string[] {
  const names = readReleaseIfAny(tree, path)?.files.keys() ?? [];
  return [...names].map((name) => posix.join(posix.dirname(path), name));
}

const signatureNames: ReadonlySet<string> = new Set(signatureFileNames);

function latest(held: CarriedFiles, offered: CarriedFiles): CarriedFiles {
  const all = new Map(held);
  for (const [path, until] of offered) {
    const heldUntil = all.get(path);
    if (heldUntil === undefined || heldUntil < until) all.set(path, until);
  }
  return all;
}

/**
 * Returns false if the file is there already, or cannot be: `to` has a directory at the path, or a file above it. Nearly always
 * the directory is there and the name is free, so the link is tried first.
 */
function linkCarried(from: string, to: string, path: string): boolean {
  const [source, target] = [`${from}/${path}`, `${to}/${path}`];
  try {
    linkOrCopyDurably(source, target);
    return true;
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EEXIST", "ENOTDIR")) throw error;
  }
  if (!makeRoomFor(source, target)) return false;
  linkOrCopyDurably(source, target);
  return true;
}

function makeRoomFor(source: string, target: string): boolean {
  const there = statLinkIfAny(target);
  if (there?.isDirectory() === true) return false;
  // Carried for an earlier tree. If two trees had other bytes at one path, clients know the later ones.
  if (there !== undefined) {
    if (there.ino === statLinkIfAny(source)?.ino) return false;
    removeFile(target);
  }
  try {
    makeDirectory(dirname(target));
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST", "ENOTDIR")) return false;
    throw error;
  }
}
