import { join } from "node:path";
import { carriedDirectory, type MirrorLayout } from "../layout.ts";
import { removeFile } from "../platform/files.ts";
import { listDirectory, readBytesIfAny, statLinkIfAny } from "../platform/look.ts";
import { removeTree } from "../platform/remove-tree.ts";
import { parseMeta } from "./records/meta.ts";
import { probePath } from "./trees/clone-tree.ts";

/**
 * Removes what killed runs left: unnamed trees, and records of missing snapshots. Returns the names of the snapshots that
 * they were removing. For a caller that holds the lock of snapshots.
 */
export async function removeLeftovers({
  snapshots,
  snapshotMeta,
  snapshotTests,
  pins,
}: MirrorLayout): Promise<readonly string[]> {
  await removeTreesOf(snapshots, /^\.(.+)\.draft$/);
  const removals = await removeTreesOf(snapshots, /^\.(.+)\.removed$/);
  removeFile(probePath(snapshots));
  const isThere = (name: string): boolean => statLinkIfAny(join(snapshots, name)) !== undefined;
  removeStrayRecords(snapshotMeta, (name, path) => !isThere(name) && isMetaOf(name, path));
  removeStrayRecords(snapshotTests, (name) => !isThere(name));
  removeStrayRecords(join(snapshots, carriedDirectory), (name) => !isThere(name));
  removeStrayRecords(pins, (name) => !isThere(name));
  return removals;
}

async function removeTreesOf(snapshots: string, pattern: RegExp): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of listDirectory(snapshots)) {
    const name = pattern.exec(entry.name)?.[1];
    if (name === undefined) continue;
    await removeTree(join(snapshots, entry.name));
    names.push(name);
  }
  return names;
}

/** Removes the `.json` files of stray names, and unfinished ones. */
function removeStrayRecords(directory: string, isStray: (name: string, path: string) => boolean): void {
  for (const { name: file } of listDirectory(directory)) {
    const path = join(directory, file);
    const name = /^(.+)\.json$/.exec(file)?.[1];
    const isStrayRecord = name !== undefined && isStray(name, path);
    if (isStrayRecord || /^\..+\.json\.next$/.test(file)) removeFile(path);
  }
}

/** False for a file of somebody else that happens to have such a name. */
function isMetaOf(name: string, path: string): boolean {
  const text = readBytesIfAny(path)?.toString("utf8");
  return text !== undefined && parseMeta(text)?.name === name;
}
