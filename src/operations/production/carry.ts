import { join } from "node:path";
import { hasCode } from "../../errors.ts";
import { inodeIfAny } from "../../platform/files.ts";
import type { Generation } from "../../publish/index.ts";
import {
  type CarryOptions,
  carryOver,
  dropExpired,
  type Snapshot,
  SnapshotError,
} from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";

/*
 * A client that has read the metadata of what is shown goes on to ask for its indices and packages after something else
 * is shown. For `publish.grace` these stand beside the files of what took its place.
 */

/**
 * As `carryProduction`, but where the disk is full that is a warning: what production goes back to matters more than the
 * clients that are in the middle of something.
 */
export function carryProductionIfRoom(context: MirrorContext, to: Snapshot): void {
  try {
    carryProduction(context, to);
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
    context.emit({ type: "files-not-carried", reason: undefined });
  }
}

/** Before production moves to a snapshot: what production shows now stays within reach. */
export function carryProduction(context: MirrorContext, to: Snapshot): void {
  const from = pathInProduction(context);
  if (from === undefined || from === to.path) return;
  // Where production shows the working mirror, a sync, which has a lock of its own, may go on to the next generation.
  const hasGoneOn = (): boolean => pathInProduction(context) !== from;
  try {
    carry(context, from, to.path);
  } catch (error) {
    if (!hasCode(error, "ENOENT") || !hasGoneOn()) throw error;
  }
  if (hasGoneOn()) carryProduction(context, to);
}

/** Before the working mirror shows another generation. */
export function carryWorking(context: MirrorContext, to: Generation): void {
  const { working, memory, objects, links } = context;
  const shown = working.current();
  if (shown === undefined || links.leadingToWorkingMirror().length === 0) return; // it has no clients
  // What was found to be damaged is no object any longer.
  const sound = shown.name === memory.damagedGeneration() ? objects.inodeIds() : undefined;
  const isSound = (path: string): boolean =>
    sound === undefined || sound.has(inodeIfAny(join(shown.path, path))?.id ?? "");
  carry(context, shown.path, to.path, isSound);
}

/** Takes away what was carried for a time that is over; answers how many files that were. */
export function dropCarried(context: MirrorContext): number {
  return context.catalog.dropExpired(context.now());
}

/** For a caller that holds the lock of the working mirror. */
export function dropCarriedByWorking(context: MirrorContext): number {
  const shown = context.working.current();
  return shown === undefined ? 0 : dropExpired(shown.path, context.now());
}

function carry(context: MirrorContext, from: string, to: string, isSound?: CarryOptions["isSound"]): void {
  const now = context.now();
  const { graceMs } = context.mirror.publish;
  if (graceMs === 0) {
    dropExpired(to, now);
    return; // without a look at what is shown, which may be what is broken
  }
  const until = new Date(now.getTime() + graceMs);
  const files = explainBrokenDisk(from, () => carryOver(from, to, { now, until, isSound }));
  if (files > 0) context.emit({ type: "files-carried", files, graceMs });
}

/** EUCLEAN, EBADMSG: what ext4 and xfs say of damage to themselves. */
function explainBrokenDisk<Value>(from: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!hasCode(error, "EIO", "EUCLEAN", "EBADMSG")) throw error;
    throw new SnapshotError(
      "TREE_UNREADABLE",
      `what ${from} shows could not be kept within reach of its clients: ${error.message}`,
      {
        hint: 'The disk has a fault, and nothing has moved. To move it all the same, set [publish] grace = "0" for the time being: clients in the middle of an update may then have to repeat it.',
        cause: error,
      },
    );
  }
}

function pathInProduction({ links, catalog, working }: MirrorContext): string | undefined {
  const target = links.read("production");
  switch (target.kind) {
    case "none":
    case "foreign":
      return undefined;
    case "working-mirror":
      return working.current()?.path;
    case "snapshot":
      return catalog.find(target.name)?.path;
  }
}
