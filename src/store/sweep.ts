import { join } from "node:path";
import { hasCode } from "../errors.ts";
import { linkFile, listDirectory, movePath, removeFile, statLinkIfAny } from "../platform/files.ts";
import { pauseNow } from "../platform/pause.ts";

export interface SweepReport {
  readonly objects: number;
  readonly freedBytes: number;
}

const objectName = /^[0-9a-f]{64}$/;
const objectsBetweenPauses = 1000;

/**
 * Removes every object that no tree holds. A tree holds an object by a hard link, so the kernel's link count is the
 * mark: one name left is the store's own. Nothing needs to be locked out meanwhile: the object is moved aside before
 * it is counted for good, and whoever links it in that instant finds it absent and brings it again.
 */
export async function sweepObjects(objects: string): Promise<SweepReport> {
  let swept = 0;
  let freedBytes = 0;
  let looked = 0;
  for (const shard of listDirectory(objects)) {
    if (!shard.isDirectory()) continue;
    for (const entry of listDirectory(join(objects, shard.name))) {
      if (++looked % objectsBetweenPauses === 0) await pauseNow();
      if (!objectName.test(entry.name)) continue;
      const sizeBytes = sweepObject(join(objects, shard.name, entry.name));
      if (sizeBytes === undefined) continue;
      swept++;
      freedBytes += sizeBytes;
    }
  }
  return { objects: swept, freedBytes };
}

/** The size of the object that was removed; undefined when a tree holds it. */
function sweepObject(object: string): number | undefined {
  const stats = statLinkIfAny(object);
  if (stats === undefined || !stats.isFile() || stats.nlink > 1) return undefined;
  const aside = `${object}.swept`;
  movePath(object, aside);
  const nowAside = statLinkIfAny(aside);
  if (nowAside !== undefined && nowAside.nlink > 1) {
    restore(aside, object);
    return undefined;
  }
  removeFile(aside);
  return stats.size;
}

/** A tree took the object between the look and the move. */
function restore(aside: string, object: string): void {
  try {
    linkFile(aside, object);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error; // it was brought again already
  }
  removeFile(aside);
}
