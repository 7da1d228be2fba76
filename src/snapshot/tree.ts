import { dirname, join } from "node:path";
import { hasCode } from "../errors.ts";
import {
  copyWithTimes,
  linkFile,
  listDirectory,
  makeDirectory,
  movePath,
  removeTree,
  type Stats,
  statLinkIfAny,
} from "../platform/files.ts";
import { pauseNow } from "../platform/pause.ts";
import type { RepositoryPath } from "../repository/index.ts";

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
      makeDirectory(directory);
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
    complete: () => movePath(draft, final),
    discard: () => removeTree(draft),
  };
}

export interface TreeFile {
  /** Relative to the tree's root. */
  readonly path: string;
  readonly stats: Stats;
}

/** Every file of a tree, directory by directory; links are not followed. */
export function* walkTree(root: string, below = ""): Generator<TreeFile> {
  for (const entry of listDirectory(join(root, below))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      yield* walkTree(root, path);
    } else if (entry.isFile()) {
      const stats = statLinkIfAny(join(root, path));
      if (stats !== undefined) yield { path, stats };
    }
  }
}

const filesBetweenPauses = 1000;

/**
 * Makes `target` a tree of the same files as `source`: by hard links, or by copies when the two stand on different file
 * systems. Says which.
 */
export async function cloneTree(
  source: string,
  target: string,
  signal: AbortSignal,
): Promise<"linked" | "copied"> {
  let how: "linked" | "copied" = "linked";
  let count = 0;
  const clone = async (below: string): Promise<void> => {
    makeDirectory(join(target, below));
    for (const entry of listDirectory(join(source, below))) {
      const path = join(below, entry.name);
      if (entry.isDirectory()) await clone(path);
      else if (entry.isFile()) how = cloneFile(join(source, path), join(target, path), how);
      if (++count % filesBetweenPauses === 0) await pauseNow();
      signal.throwIfAborted();
    }
  };
  await clone("");
  return how;
}

function cloneFile(source: string, target: string, how: "linked" | "copied"): "linked" | "copied" {
  if (how === "linked") {
    try {
      linkFile(source, target);
      return how;
    } catch (error) {
      // EMLINK: this one file has all the names it can have; the others can still be linked.
      if (hasCode(error, "EMLINK")) {
        copyWithTimes(source, target);
        return how;
      }
      if (!hasCode(error, "EXDEV")) throw error;
    }
  }
  copyWithTimes(source, target);
  return "copied";
}
