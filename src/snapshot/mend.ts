import { dirname, join } from "node:path";
import { mendingDirectory } from "../layout.ts";
import {
  inodeIfAny,
  makeDirectory,
  movePath,
  removeFile,
  removeTree,
  statLinkIfAny,
} from "../platform/files.ts";
import { readCarried, writeCarried } from "./carried.ts";
import { SnapshotError } from "./errors.ts";
import { linkOrCopyDurably } from "./link-or-copy-durably.ts";

/** Where whole files wait to take the place of damaged ones: beside the trees of one directory, outside all of them. */
export interface MendingRoom {
  readonly path: string;
  /** Brings a file here that stands anywhere, by a link or, from another file system, as a copy. Answers its path. */
  stage(file: string, name: string): string;
  /**
   * Puts a staged file in the place of what stands at `path` in the tree, in one rename; where nothing does, its
   * directories are made. Throws a SnapshotError where a link on the way leads elsewhere.
   */
  replace(staged: string, tree: string, path: string): void;
  close(): Promise<void>;
}

/** `directory` holds trees. What a killed run left in the room is removed. */
export async function openMendingRoom(directory: string): Promise<MendingRoom> {
  const room = join(directory, mendingDirectory);
  await removeTree(room);
  makeDirectory(room);
  return {
    path: room,
    stage(file, name) {
      const staged = join(room, name);
      linkOrCopyDurably(file, staged);
      return staged;
    },
    replace(staged, tree, path) {
      assertWithin(tree, path);
      const target = join(tree, path);
      if (inodeIfAny(target)?.id === inodeIfAny(staged)?.id) return; // rename(2) would leave both names
      makeDirectory(dirname(target));
      const next = join(room, ".next");
      removeFile(next);
      linkOrCopyDurably(staged, next);
      movePath(next, target);
    },
    close: () => removeTree(room),
  };
}

/** A directory that is a link is somebody's own, and so is what it leads to. */
function assertWithin(tree: string, path: string): void {
  for (let below = dirname(path); below !== "."; below = dirname(below)) {
    const directory = join(tree, below);
    if (statLinkIfAny(directory)?.isSymbolicLink() !== true) continue;
    throw new SnapshotError("TREE_LINKED", `${directory} is a link, and mirrorctl did not make it`, {
      hint: "Put a directory there in place of the link, then repair again.",
    });
  }
}

/** Makes a file that a tree was carrying for others its own, so that it stays when their time is over. */
export function ownCarried(tree: string, path: string): void {
  const carried = readCarried(tree);
  if (carried.has(path)) writeCarried(tree, new Map([...carried].filter(([name]) => name !== path)));
}
