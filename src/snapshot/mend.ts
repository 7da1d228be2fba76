import { dirname, join } from "node:path";
import { hasCode } from "../errors.ts";
import { mendingDirectory } from "../layout.ts";
import {
  closeFile,
  copyWithTimes,
  inodeIfAny,
  linkFile,
  makeDirectory,
  movePath,
  openForAppend,
  removeFile,
  removeTree,
  syncFile,
} from "../platform/files.ts";
import { readCarried, writeCarried } from "./carried.ts";

/** Where whole files wait to take the place of damaged ones: beside the trees of one directory, outside all of them. */
export interface MendingRoom {
  readonly path: string;
  /** Brings a file here that stands anywhere, by a link or, from another file system, as a copy. Answers its path. */
  stage(file: string, name: string): string;
  /** Puts a staged file in the place of what stands there, in one rename; where nothing does, its directories are made. */
  replace(staged: string, target: string): void;
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
      linkOrCopy(file, staged);
      return staged;
    },
    replace(staged, target) {
      if (inodeIfAny(target)?.id === inodeIfAny(staged)?.id) return; // rename(2) would leave both names
      makeDirectory(dirname(target));
      const next = join(room, ".next");
      removeFile(next);
      linkOrCopy(staged, next);
      movePath(next, target);
    },
    close: () => removeTree(room),
  };
}

/** EXDEV: the trees stand on another file system. EMLINK: the file has all the names that it may have. */
function linkOrCopy(source: string, target: string): void {
  try {
    linkFile(source, target);
  } catch (error) {
    if (!hasCode(error, "EXDEV", "EMLINK")) throw error;
    copyWithTimes(source, target);
    const descriptor = openForAppend(target);
    try {
      syncFile(descriptor);
    } finally {
      closeFile(descriptor);
    }
  }
}

/** Makes a file that a tree was carrying for others its own, so that it stays when their time is over. */
export function ownCarried(tree: string, path: string): void {
  const carried = readCarried(tree);
  if (carried.has(path)) writeCarried(tree, new Map([...carried].filter(([name]) => name !== path)));
}
