import { dirname, join } from "node:path";
import { hasCode } from "../errors.ts";
import {
  linkFile,
  listDirectory,
  makeDirectory,
  movePath,
  removeTree,
  type Stats,
  statLinkIfAny,
  syncDirectory,
} from "../platform/files.ts";
import { RepositoryError, type RepositoryPath } from "../repository/index.ts";
import { readCarried } from "./carried.ts";

/** A tree that is being made: outside every public name until `complete` gives it its own. */
export interface TreeDraft {
  /** Where it is being made. */
  readonly root: string;
  /** The absolute path at which a file of the tree is to stand; its directory is made. */
  place(path: RepositoryPath): string;
  /** Gives a file of the tree a second name in it. */
  linkWithin(from: RepositoryPath, to: RepositoryPath): void;
  complete(): void;
  discard(): Promise<void>;
}

/** `draft` and `final` are directories on the same file system; `final` appears in one rename. */
export function draftTree(draft: string, final: string): TreeDraft {
  const made = new Set<string>();
  makeDirectory(draft);
  const place = (path: RepositoryPath): string => {
    const target = join(draft, path);
    const directory = dirname(target);
    if (!made.has(directory)) {
      makeDirectoryFor(path, directory);
      made.add(directory);
    }
    return target;
  };
  return {
    root: draft,
    place,
    linkWithin(from, to) {
      try {
        linkFile(join(draft, from), place(to));
      } catch (error) {
        // Two names with the same bytes in one directory share their by-hash name.
        if (!hasCode(error, "EEXIST")) throw error;
      }
    },
    complete() {
      movePath(draft, final);
      syncDirectory(dirname(final)); // before a link in another directory leads there
    },
    discard: () => removeTree(draft),
  };
}

function makeDirectoryFor(path: RepositoryPath, directory: string): void {
  try {
    makeDirectory(directory);
  } catch (error) {
    if (!hasCode(error, "EEXIST", "ENOTDIR")) throw error;
    throw new RepositoryError("PATH_CONFLICT", `${path} lies below a path that is a file itself`, {
      hint: "The upstream lists two paths of which one lies below the other; no tree can hold both.",
      cause: error,
    });
  }
}

export interface TreeFile {
  /** Relative to the tree's root. */
  readonly path: string;
  readonly stats: Stats;
}

/** Every file of a tree's own, directory by directory; links are not followed. */
export function* walkTree(root: string): Generator<TreeFile> {
  for (const path of walkOwnPaths(root)) {
    const stats = statLinkIfAny(join(root, path));
    if (stats !== undefined) yield { path, stats };
  }
}

/** The path of every file of a tree's own: not what it carries for others. */
export function* walkOwnPaths(root: string): Generator<string> {
  const carried = readCarried(root);
  for (const path of walkPaths(root)) if (!carried.has(path)) yield path;
}

/** The path of every file below a directory, what it carries for others among them. */
export function* walkPaths(root: string, below = ""): Generator<string> {
  for (const entry of listDirectory(join(root, below))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* walkPaths(root, path);
    else if (entry.isFile()) yield path;
  }
}
