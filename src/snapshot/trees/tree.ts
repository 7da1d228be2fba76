import { dirname, join } from "node:path";
import { hasCode } from "../../errors.ts";
import {
  copyWithTimes,
  linkFile,
  makeDirectory,
  movePath,
  removeEmptyDirectory,
  removeFile,
  syncDirectory,
} from "../../platform/files.ts";
import { paced, pacedBatches } from "../../platform/flow/paced.ts";
import { listDirectory, type Stats, statLinkIfAny } from "../../platform/look.ts";
import { removeTree } from "../../platform/remove-tree.ts";
import { normalizePath, RepositoryError, type RepositoryPath } from "../../repository/index.ts";
import { readCarried } from "./carried.ts";
import { above } from "./tree-list.ts";

/** An unfinished tree. No public name leads to it before `complete` gives it its own name. */
export interface TreeDraft {
  /** Its path until then. */
  readonly root: string;
  /** Returns the absolute path for a file of the tree. */
  pathOf(path: RepositoryPath): string;
  /** The same, and makes its directory. */
  place(path: RepositoryPath): string;
  /** Gives a file of the tree a second name in it, or a copy once it has as many as the file system allows. */
  linkWithin(from: RepositoryPath, to: RepositoryPath): void;
  /**
   * Takes over a hidden tree, which loses the files `gone` first, and moves what the draft has so far into it. The draft
   * keeps its path, and has the path of a draft before the tree changes: a killed run leaves no tree that seems complete.
   */
  takeOver(tree: string, losing: Losses, signal: AbortSignal): Promise<void>;
  /** Gives it its own name, which is not on disk yet. */
  complete(): void;
  discard(): Promise<void>;
}

/** What a tree loses. */
export interface Losses {
  readonly gone: Iterable<string>;
  /** The directories that it is to have afterwards. Of the others, those that are empty then are removed. */
  readonly directories: ReadonlySet<string>;
}

/** `draft` and `final` are on the same file system. `final` appears in one rename. */
export function draftTree(draft: string, final: string): TreeDraft {
  const made = new Set<string>();
  makeDirectory(draft);
  const pathOf = (path: RepositoryPath): string => `${draft}/${path}`;
  const place = (path: RepositoryPath): string => {
    const target = pathOf(path);
    const directory = target.slice(0, target.lastIndexOf("/"));
    if (!made.has(directory)) {
      makeDirectoryFor(path, directory);
      made.add(directory);
    }
    return target;
  };
  return {
    root: draft,
    pathOf,
    place,
    linkWithin(from, to) {
      const [source, target] = [join(draft, from), place(to)];
      try {
        linkFile(source, target);
      } catch (error) {
        // Once in 65,000 names: the next tree gets a new object.
        if (hasCode(error, "EMLINK")) copyWithTimes(source, target);
        // Two names with the same bytes in one directory share their by-hash name.
        else if (!hasCode(error, "EEXIST")) throw error;
      }
    },
    async takeOver(tree, losing, signal) {
      const aside = `${draft}.aside`;
      const own = [...walkPaths(draft)];
      movePath(draft, aside);
      movePath(tree, draft);
      syncDirectory(dirname(draft)); // or after a power cut a changed tree might have the name of a complete one
      made.clear();
      await removeFilesFromTree(draft, losing, signal);
      for (const path of own) moveIn(join(aside, path), place(normalizePath(path)));
      await removeTree(aside);
    },
    complete: () => movePath(draft, final),
    discard: () => removeTree(draft),
  };
}

/** A rename would replace a file of the tree. */
function moveIn(file: string, target: string): void {
  if (statLinkIfAny(target) !== undefined)
    throw new RepositoryError("PATH_CONFLICT", `${target} is needed for two files of different content`);
  movePath(file, target);
}

function makeDirectoryFor(path: RepositoryPath, directory: string): void {
  try {
    makeDirectory(directory);
  } catch (error) {
    if (!hasCode(error, "EEXIST", "ENOTDIR")) throw error;
    throw new RepositoryError("PATH_CONFLICT", `${path} is below a path that is a file itself`, {
      hint: "The upstream lists two paths of which one lies below the other; no tree can hold both.",
      cause: error,
    });
  }
}

/** Removes a file of a tree, if the tree has it, and the directories that are empty then. */
export function removeFromTree(tree: string, path: string): void {
  removeIfFile(join(tree, path));
  removeEmptyAbove(tree, path);
}

/**
 * Removes files of a tree. A look at directories that stay would cost more than the removals. Returns those that stay although
 * `directories` does not have them: they are not empty.
 */
export async function removeFilesFromTree(
  tree: string,
  { gone, directories }: Losses,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const left = new Map<string, string>();
  for await (const paths of pacedBatches(gone, signal, removalsPerTurn))
    for (const path of paths) {
      removeIfFile(`${tree}/${path}`);
      const directory = above(path);
      if (!directories.has(directory)) left.set(directory, path);
    }
  const staying = new Set<string>();
  for await (const path of paced(left.values(), signal)) {
    const directory = removeEmptyAbove(tree, path);
    if (directory !== undefined) staying.add(directory);
  }
  return staying;
}

const removalsPerTurn = 100;

function removeIfFile(path: string): void {
  if (statLinkIfAny(path)?.isFile() === true) removeFile(path);
}

/** Returns the first directory that is not removed, if it is not the top. */
function removeEmptyAbove(tree: string, path: string): string | undefined {
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    const directory = path.slice(0, slash);
    if (!removeIfEmpty(`${tree}/${directory}`)) return directory;
  }
  return undefined;
}

/** Returns false for a directory with files, or that is not there. */
export function removeIfEmpty(directory: string): boolean {
  try {
    removeEmptyDirectory(directory);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}

export interface TreeFile {
  /** Relative to the tree's root. */
  readonly path: string;
  readonly stats: Stats;
}

/** Yields every file of the tree's own, directory by directory. Follows no link. */
export function* walkTree(root: string): Generator<TreeFile> {
  for (const path of walkOwnPaths(root)) {
    const stats = statLinkIfAny(join(root, path));
    if (stats !== undefined) yield { path, stats };
  }
}

/** Yields the path of every file of the tree's own, without carried files. */
export function* walkOwnPaths(root: string): Generator<string> {
  for (const paths of walkOwnInGroups(root)) yield* paths;
}

/** Like `walkOwnPaths`, in groups as `walkInGroups` makes them. */
export function* walkOwnInGroups(root: string): Generator<readonly string[]> {
  const carried = readCarried(root);
  for (const paths of walkInGroups(root)) {
    const own = carried.size === 0 ? paths : paths.filter((path) => !carried.has(path));
    if (own.length > 0) yield own;
  }
}

/** Yields the path of every file below a directory, with carried files. */
export function* walkPaths(root: string): Generator<string> {
  for (const paths of walkInGroups(root)) yield* paths;
}

const groupMax = 250;

/**
 * Like `walkPaths`, in groups of files of one directory. A step for each file would take as long as the system calls: groups
 * are for walks that do little with a file.
 */
export function* walkInGroups(root: string, below = ""): Generator<readonly string[]> {
  const directories: string[] = [];
  let files: string[] = [];
  for (const entry of listDirectory(below === "" ? root : `${root}/${below}`)) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) directories.push(path);
    else if (entry.isFile()) files.push(path);
    if (files.length < groupMax) continue;
    yield files;
    files = [];
  }
  if (files.length > 0) yield files;
  for (const directory of directories) yield* walkInGroups(root, directory);
}
