import { join } from "node:path";
import { hasCode } from "../errors.ts";
import { linkFile, listDirectory, movePath, removeFile, statLinkIfAny } from "../platform/files.ts";
import { pauseNow } from "../platform/pause.ts";

export interface SweepReport {
  readonly objects: number;
  readonly freedBytes: number;
}

/** An object, or one that a killed sweep had moved aside. */
const sweepableName = /^[0-9a-f]{64}(?:\.swept)?$/;
const asideSuffix = ".swept";
const objectsBetweenPauses = 1000;

/**
 * Removes every object that no tree holds. A tree holds an object by a hard link, so the kernel's link count is the
 * mark: one name left is the store's own. Nothing needs to be locked out meanwhile: the object is moved aside before
 * it is counted for good, and whoever links it in that instant finds it absent and brings it again. Two sweeps at
 * once take one another's objects for gone, which they are.
 */
export async function sweepObjects(objects: string): Promise<SweepReport> {
  let swept = 0;
  let freedBytes = 0;
  let looked = 0;
  for (const shard of listDirectory(objects)) {
    if (!shard.isDirectory()) continue;
    for (const entry of listDirectory(join(objects, shard.name))) {
      if (++looked % objectsBetweenPauses === 0) await pauseNow();
      if (!sweepableName.test(entry.name)) continue;
      const sizeBytes = sweepObject(join(objects, shard.name, entry.name));
      if (sizeBytes === undefined) continue;
      swept++;
      freedBytes += sizeBytes;
    }
  }
  return { objects: swept, freedBytes };
}

/** The size of the object that was removed; undefined when a tree holds it, or another sweep was faster. */
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

/** A tree took the object between the look and the move: it gets its name back, unless it was brought again already. */
function restore(aside: string, object: string): void {
  try {
    linkFile(aside, object);
  } catch (error) {
    if (!hasCode(error, "EEXIST", "ENOENT")) throw error;
  }
}

/** False when what was to be moved is not there. */
function unlessAbsent(move: () => void): boolean {
  try {
    move();
    return true;
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    return false;
  }
}
