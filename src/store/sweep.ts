import { join } from "node:path";
import { hasCode } from "../errors.ts";
import { objectPath } from "../layout.ts";
import { linkFile, movePath, removeFile } from "../platform/files.ts";
import { pauseNow } from "../platform/flow/pause.ts";
import { listDirectory, statLinkIfAny } from "../platform/look.ts";
import type { Sha256 } from "../repository/index.ts";

export interface SweepReport {
  readonly objects: number;
  readonly freedBytes: number;
}

/** An object, one that a killed run was about to replace by a copy, or one that a killed sweep has moved aside. */
const sweepableName = /^[0-9a-f]{64}(?:\.renewed)?(?:\.swept)?$/;
const asideSuffix = ".swept";
const objectsBetweenPauses = 1000;

/**
 * Removes every object that no tree holds. A tree holds an object by a hard link, so the link count is the mark: a single
 * name is the store's own. No lock is needed: the object is moved aside before its links are counted again. A run that links
 * it at that moment finds it absent and downloads it again. Of two sweeps at once, one finds the object gone.
 */
export const sweepObjects = (objects: string): Promise<SweepReport> => sweepEach(everyPath(objects));

/** Does the same for some objects, without a look at the others. */
export const sweepSome = (objects: string, some: Iterable<Sha256>): Promise<SweepReport> =>
  sweepEach(Iterator.from(some).map((sha256) => objectPath(objects, sha256)));

async function sweepEach(paths: Iterable<string>): Promise<SweepReport> {
  let swept = 0;
  let freedBytes = 0;
  let looked = 0;
  for (const path of paths) {
    if (++looked % objectsBetweenPauses === 0) await pauseNow();
    const sizeBytes = sweepObject(path);
    if (sizeBytes === undefined) continue;
    swept++;
    freedBytes += sizeBytes;
  }
  return { objects: swept, freedBytes };
}

function* everyPath(objects: string): Generator<string> {
  for (const shard of listDirectory(objects)) {
    if (!shard.isDirectory()) continue;
    for (const { name } of listDirectory(join(objects, shard.name)))
      if (sweepableName.test(name)) yield join(objects, shard.name, name);
  }
}

/** Returns the size of the removed object, or undefined if a tree holds it or another sweep was faster. */
function sweepObject(path: string): number | undefined {
  const object = path.endsWith(asideSuffix) ? path.slice(0, -asideSuffix.length) : path;
  const aside = object + asideSuffix;
  if (path === object) {
    const stats = statLinkIfAny(object);
    if (stats === undefined || !stats.isFile() || stats.nlink > 1) return undefined;
    if (!unlessAbsent(() => movePath(object, aside))) return undefined;
  }
  const stats = statLinkIfAny(aside);
  if (stats === undefined) return undefined;
  if (stats.nlink > 1) restore(aside, object);
  removeFile(aside);
  return stats.nlink > 1 ? undefined : stats.size;
}

/** A tree linked the object before it was moved: it gets its name back, unless it was downloaded again already. */
function restore(aside: string, object: string): void {
  try {
    linkFile(aside, object);
  } catch (error) {
    if (!hasCode(error, "EEXIST", "ENOENT")) throw error;
  }
}

/** Returns false if there is nothing to move. */
function unlessAbsent(move: () => void): boolean {
  try {
    move();
    return true;
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    return false;
  }
}
