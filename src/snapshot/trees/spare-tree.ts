import { dirname, join } from "node:path";
import { hasCode } from "../../errors.ts";
import { linkFile, makeDirectory } from "../../platform/files.ts";
import { paced, pacedBatches } from "../../platform/flow/paced.ts";
import { type Dirent, inodeIfAny, listDirectory, type Stats, statLinkIfAny } from "../../platform/look.ts";
import type { Sha256 } from "../../repository/index.ts";
import { assertSpaceForClone } from "./clone-space.ts";
import { type Losses, removeFilesFromTree, removeIfEmpty } from "./tree.ts";
import { above, type ReadTreeList, type TreeList } from "./tree-list.ts";

/** Says whether a file is the object of that name. */
export type IsObject = (path: string, sha256: Sha256) => boolean;

/**
 * True if the spare holds exactly the files of its list, and no others. The directories tell: a name that comes, goes or is
 * replaced sets the time of its directory. Those that were touched since somebody checked are compared name by name: all of
 * them after the machine was started again, for what was not flushed may be as it was before. A directory with other
 * permissions than `shown`, as of a snapshot that somebody hid, would be one that clients cannot read.
 */
export async function holdsExactly(
  spare: string,
  { shown, list }: { readonly shown: string; readonly list: ReadTreeList },
  isObject: IsObject,
  signal: AbortSignal,
): Promise<boolean> {
  const { spareUncheckedSinceMs = list.writtenAtMs } = list;
  const sinceMs = list.isOfThisBoot ? spareUncheckedSinceMs : Number.NEGATIVE_INFINITY;
  const directories = await directoriesOf(pathsIn(list), signal);
  const permissions = permissionsOf(statLinkIfAny(shown));
  const touched = new Set<string>();
  const isThere = (directory: string): boolean => {
    const stats = statLinkIfAny(`${spare}/${directory}`);
    if (stats !== undefined && stats.ctimeMs > sinceMs) touched.add(directory);
    return stats?.isDirectory() === true && permissionsOf(stats) === permissions;
  };
  for await (const some of pacedBatches(directories, signal, looksPerTurn))
    if (!some.every(isThere)) return false;
  if (touched.size === 0) return true;
  for await (const [directory, names] of paced(await namesIn(touched, list, signal), signal)) {
    const found = listDirectory(join(spare, directory));
    const files = found.filter((entry) => entry.isFile());
    const isListed = files.every(({ name }) => {
      const path = below(directory, name);
      const sha256 = names.get(name);
      if (sha256 !== undefined) return isObject(`${spare}/${path}`, sha256);
      return names.has(name) && (list.isOfThisBoot || isSameFile(`${spare}/${path}`, `${shown}/${path}`));
    });
    const others = found.filter((entry) => !entry.isFile());
    const isKnown = others.every(
      (entry) => entry.isDirectory() && directories.has(below(directory, entry.name)),
    );
    if (files.length !== names.size || !isListed || !isKnown) return false;
  }
  return true;
}

const permissionsOf = (stats: Stats | undefined): number | undefined => stats && stats.mode & 0o777;

const below = (directory: string, name: string): string => (directory === "" ? name : `${directory}/${name}`);

function* pathsIn(list: TreeList): Generator<string> {
  for (const { path } of list.metadata) yield path;
  yield* list.paths();
}

/** Returns every directory of these files, and those above it. "" is the top. */
export async function directoriesOf(
  paths: Iterable<string>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const directories = new Set<string>([""]);
  const add = (path: string): void => {
    for (let directory = above(path); !directories.has(directory); directory = above(directory))
      directories.add(directory);
  };
  for await (const some of pacedBatches(paths, signal, namesPerTurn)) some.forEach(add);
  return directories;
}

/** Of a name each. */
const looksPerTurn = 250;

/** No system call is made for a name. */
const namesPerTurn = 10_000;

/** Returns the expected names in these directories, with their SHA-256 if they must be objects. */
async function namesIn(
  directories: ReadonlySet<string>,
  list: ReadTreeList,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Sha256 | undefined>>> {
  const names = new Map<string, Map<string, Sha256 | undefined>>();
  for (const directory of directories) names.set(directory, new Map());
  const add = (path: string, sha256: Sha256 | undefined): void => {
    const directory = above(path);
    names.get(directory)?.set(path.slice(directory === "" ? 0 : directory.length + 1), sha256);
  };
  for (const { path } of list.metadata) add(path, undefined);
  for await (const files of pacedBatches(list.filesIn(directories), signal, namesPerTurn))
    for (const { path, sha256 } of files) add(path, sha256);
  return names;
}

/** True if two paths are names of one file. */
export function isSameFile(a: string, b: string): boolean {
  const id = inodeIfAny(a)?.id;
  return id !== undefined && id === inodeIfAny(b)?.id;
}

/**
 * True if each directory above these paths is one, or is missing. Through a symbolic link that somebody put in its place,
 * files elsewhere would change.
 */
export async function hasDirectoriesFor(
  tree: string,
  paths: Iterable<string>,
  signal: AbortSignal,
): Promise<boolean> {
  const isOwn = (directory: string): boolean =>
    statLinkIfAny(`${tree}/${directory}`)?.isDirectory() !== false;
  for await (const some of pacedBatches(await directoriesOf(paths, signal), signal, looksPerTurn))
    if (!some.every(isOwn)) return false;
  return true;
}

/** What turns a tree into one of the same files as a complete tree, `from`. */
interface Changes extends Losses {
  readonly added: Iterable<string>;
  readonly from: string;
}

/**
 * Removes files from a tree that no name shows, and links others from a complete one. Returns false if a directory that lost
 * files has others that the complete tree lacks: no later check would find a directory that the tree should not have.
 */
export async function bringUpToDate(
  tree: string,
  { added, from, ...losing }: Changes,
  signal: AbortSignal,
): Promise<boolean> {
  const staying = await removeFilesFromTree(tree, losing, signal);
  for await (const paths of pacedBatches(added, signal, linksPerTurn))
    for (const path of paths) linkInto(`${from}/${path}`, `${tree}/${path}`);
  for await (const directory of paced(staying, signal))
    if (!hasNamesOf(`${from}/${directory}`, `${tree}/${directory}`)) return false;
  return true;
}

const hasNamesOf = (directory: string, other: string): boolean =>
  listDirectory(other).every(({ name }) => statLinkIfAny(`${directory}/${name}`) !== undefined);

const linksPerTurn = 100;

/** Most directories are there, so they are made where one turns out to be missing. */
function linkInto(source: string, target: string): void {
  try {
    linkFile(source, target);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    makeDirectory(dirname(target));
    linkFile(source, target);
  }
}

/**
 * Makes a tree that no name shows one of the same files as a complete tree, whatever it holds now: perhaps nothing. Every
 * name of both is looked at. Returns whether it lost files, or undefined for a tree with anything but files and directories.
 * Throws SNAPSHOT_NO_SPACE without room for the directories that are missing.
 */
export async function makeAlike(
  tree: string,
  { from, list }: { readonly from: string; readonly list: TreeList },
  signal: AbortSignal,
): Promise<{ readonly lost: boolean } | undefined> {
  const directories = await directoriesOf(pathsIn(list), signal);
  const missing = new Set<string>();
  for await (const some of pacedBatches(pathsIn(list), signal, namesPerTurn))
    for (const path of some) missing.add(path);
  const gone: string[] = [];
  const strange: string[] = [];
  const look = (entry: Dirent, path: string): boolean => {
    if (entry.isDirectory()) {
      if (!directories.has(path)) strange.push(path);
    } else if (!entry.isFile()) return false;
    else if (!missing.has(path) || !isSameInode(`${tree}/${path}`, `${from}/${path}`)) gone.push(path);
    else missing.delete(path);
    return true;
  };
  for await (const entries of pacedBatches(entriesOf(tree), signal, looksPerTurn))
    for (const [entry, path] of entries) if (!look(entry, path)) return undefined;
  await removeFilesFromTree(tree, { gone, directories }, signal);
  for (const directory of strange.toReversed()) removeIfEmpty(join(tree, directory));
  await assertSpaceForClone(from, [...missing], dirname(tree), "linked", signal);
  await bringUpToDate(tree, { gone: [], added: missing, from, directories }, signal);
  return { lost: gone.length > 0 };
}

/** Yields each entry below a directory, with its path: a directory before what it contains. */
function* entriesOf(root: string, directory = ""): Generator<readonly [Dirent, string]> {
  for (const entry of listDirectory(directory === "" ? root : `${root}/${directory}`)) {
    const path = below(directory, entry.name);
    yield [entry, path];
    if (entry.isDirectory()) yield* entriesOf(root, path);
  }
}

function isSameInode(a: string, b: string): boolean {
  const [one, other] = [statLinkIfAny(a), statLinkIfAny(b)];
  return (
    one !== undefined && one.ino === other?.ino && one.dev === other.dev && one.ctimeMs === other.ctimeMs
  );
}
