import { basename, dirname, join } from "node:path";
import { mendingDirectory, metaDirectoryOf } from "../layout.ts";
import { makeDirectory, movePath, removeFile } from "../platform/files.ts";
import { writeDurably } from "../platform/flushing/durable-file.ts";
import { inodeIfAny, statLinkIfAny } from "../platform/look.ts";
import { removeTree } from "../platform/remove-tree.ts";
import { SnapshotError } from "./errors.ts";
import { formatMeta } from "./records/meta.ts";
import { metaPath, readMeta } from "./records/meta-file.ts";
import { readCarried, writeCarried } from "./trees/carried.ts";
import { linkOrCopyDurably } from "./trees/link-or-copy-durably.ts";

/** A directory for whole files that will replace damaged ones: beside the trees of one directory, outside all of them. */
export interface MendingRoom {
  readonly path: string;
  /** Links a file into the room, or copies it from another file system. Returns its path. */
  stage(file: string, name: string): string;
  /**
   * Replaces the file at `path` in the tree with a staged file, in one rename. If there is none, makes its directories. The
   * record of a snapshot says before that it was repaired.
   * Throws SnapshotError TREE_LINKED if a directory of the path is a link.
   */
  replace(staged: string, tree: string, path: string): void;
  close(): Promise<void>;
}

/** `directory` contains trees. Removes what a killed run left in the room. */
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
      noteRepair(tree);
      makeDirectory(dirname(target));
      const next = join(room, ".next");
      removeFile(next);
      linkOrCopyDurably(staged, next);
      movePath(next, target);
    },
    close: () => removeTree(room),
  };
}

/** A directory that is a link belongs to somebody else, and so does its target. */
function assertWithin(tree: string, path: string): void {
  for (let below = dirname(path); below !== "."; below = dirname(below)) {
    const directory = join(tree, below);
    if (statLinkIfAny(directory)?.isSymbolicLink() !== true) continue;
    throw new SnapshotError("TREE_LINKED", `${directory} is a link, and mirrorctl did not make it`, {
      hint: "Replace the link with a directory, then repair again.",
    });
  }
}

/** From now on the tree may have files that the next tree should share and does not. A generation has no such record. */
function noteRepair(tree: string): void {
  const directory = metaDirectoryOf(tree);
  const name = basename(tree);
  const meta = readMeta(directory, name);
  if (meta === undefined || meta.repaired === true) return;
  writeDurably(metaPath(directory, name), formatMeta({ ...meta, repaired: true }), 0o644);
}

/** Makes a carried file the tree's own, so that it stays when its time is over. */
export function ownCarried(tree: string, path: string): void {
  const carried = readCarried(tree);
  if (carried.has(path)) writeCarried(tree, new Map([...carried].filter(([name]) => name !== path)));
}
