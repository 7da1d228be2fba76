import { hasCode, haveInodesRunOut } from "../../errors.ts";
import { forgetHolder } from "../../platform/locks/lock.ts";
import type { Keep, Publication, PublishedTree } from "../../publish/index.ts";
import { messageOf } from "../../report/errors.ts";
import type { Ports } from "../context.ts";

/*
 * Before production moves, the files that clients of the present tree may still request are linked into the next one.
 */

export type KeepPorts = Ports<"mirror" | "publisher" | "signal" | "now" | "emit">;

/** Returns how long files are kept, as configured, from now on. */
export const keepNow = ({ mirror, now }: Ports<"mirror" | "now">): Keep => ({
  now: now(),
  graceMs: mirror.publish.graceMs,
});

/** Says how many files were carried. */
export function tellCarried({ mirror, emit }: Ports<"mirror" | "emit">, files: number): void {
  if (files > 0) emit({ type: "files-carried", files, graceMs: mirror.publish.graceMs });
}

/** Prepares a tree to be shown in production. Fails on a full disk: a promotion can wait. */
export async function prepareProduction(ports: KeepPorts, tree: PublishedTree): Promise<Publication> {
  const publication = await ports.publisher.prepare("production", tree, keepNow(ports), ports.signal);
  tellCarried(ports, publication.keptFiles);
  return publication;
}

/** Warns on a full disk, and prepares the tree without the files of the old one: what production shows matters more. */
export async function prepareProductionIfRoom(ports: KeepPorts, tree: PublishedTree): Promise<Publication> {
  try {
    return await prepareProduction(ports, tree);
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
    ports.emit({ type: "files-not-carried", reason: undefined });
    return await ports.publisher.prepare("production", tree, "nothing", ports.signal);
  }
}

/** Warns whatever fails, and cannot be cancelled: production goes back to the tree that it showed before a failed move. */
export async function prepareToGoBack(ports: KeepPorts, tree: PublishedTree): Promise<Publication> {
  const signal = new AbortController().signal;
  try {
    return await prepareProduction({ ...ports, signal }, tree);
  } catch (error) {
    ports.emit({ type: "files-not-carried", reason: messageOf(error) });
    return await ports.publisher.prepare("production", tree, "nothing", signal);
  }
}

/** Moves the name. That takes an inode for a moment: if none is free, the note of who holds the lock gives way. */
export async function commitPublication(
  publication: Publication,
  { layout }: Ports<"layout">,
): Promise<void> {
  try {
    await publication.commit();
  } catch (error) {
    if (!haveInodesRunOut(error)) throw error;
    forgetHolder(layout.snapshotsLock);
    await publication.commit();
  }
}
