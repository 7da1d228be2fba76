import type { HistoryEntry } from "../../history/index.ts";
import type { PublicName } from "../../publish/index.ts";
import { messageOf } from "../../report/errors.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { dropCarried, settleCutOffMove } from "../production/index.ts";
import { inUse, isUsed, usesOf } from "./snapshot-uses.ts";

export interface DeleteOutcome {
  readonly deleted: readonly string[];
  /** By name; the others were deleted all the same. */
  readonly failures: ReadonlyMap<string, unknown>;
}

/**
 * Deletes snapshots, each by itself: what one cannot do does not keep the next. With `force` also what is staged, in
 * production, or kept for a rollback; public links go first.
 */
export async function deleteSnapshots(
  context: MirrorContext,
  names: readonly string[],
  options: { readonly force: boolean },
): Promise<DeleteOutcome> {
  using _lock = await context.lockSnapshots("snapshot delete");
  dropCarried(context);
  const ended = await endRemovals(context);
  const deleted: string[] = [];
  const failures = new Map<string, unknown>();
  for (const name of new Set(names)) {
    context.signal.throwIfAborted();
    try {
      await deleteOne(context, name, ended, options);
      deleted.push(name);
    } catch (error) {
      failures.set(name, error);
      context.emit({ type: "snapshot-delete-failed", name, error });
      context.record({ action: "delete", result: "failed", to: name, detail: messageOf(error) });
    }
  }
  if (deleted.length + ended.length > 0) await freeSpace(context);
  return { deleted, failures };
}

async function deleteOne(
  context: MirrorContext,
  name: string,
  ended: readonly string[],
  { force }: { readonly force: boolean },
): Promise<void> {
  if (ended.includes(name) && context.catalog.find(name) === undefined) return; // begun by a run that was killed
  const snapshot = context.catalog.require(name);
  const uses = usesOf(context, name);
  if (uses.others.length > 0 || (isUsed(uses) && !force)) throw inUse(context, snapshot, uses);
  releaseLinks(context, snapshot, uses.leading);
  await deleteUnlocked(
    context,
    snapshot,
    uses.rollback === undefined ? {} : { detail: "forced: a rollback would have gone back to it" },
  );
}

/** Clears up after runs that were killed. Answers the names of the snapshots that they were removing. */
export async function endRemovals(context: MirrorContext): Promise<readonly string[]> {
  settleCutOffMove(context);
  const names = await context.catalog.clean();
  for (const name of names) tellDeleted(context, name, { detail: "begun by a run that was cut off" });
  return names;
}

/** What the history says of a deletion. */
type DeletionNote = Pick<HistoryEntry, "reason" | "detail">;

/** For a caller that holds the lock of snapshots and knows that no link leads there. */
export async function deleteUnlocked(
  context: MirrorContext,
  snapshot: Snapshot,
  note: DeletionNote,
): Promise<void> {
  await context.catalog.remove(snapshot.name);
  tellDeleted(context, snapshot.name, note);
}

function tellDeleted(context: MirrorContext, name: string, note: DeletionNote): void {
  context.emit({ type: "snapshot-deleted", name });
  context.record({ action: "delete", result: "done", from: name, ...note });
}

/** Objects go when no tree of any mirror holds them any longer. */
export async function freeSpace(context: MirrorContext): Promise<void> {
  const { objects, freedBytes } = await context.sweep();
  if (objects > 0) context.emit({ type: "space-freed", objects, sizeBytes: freedBytes });
}

function releaseLinks(context: MirrorContext, snapshot: Snapshot, leading: readonly PublicName[]): void {
  for (const link of leading) {
    context.links.remove(link);
    context.emit({ type: "link-removed", link, name: snapshot.name });
    context.record({
      action: "unlink",
      result: "done",
      from: snapshot.name,
      details: { kind: "unlinked", link },
    });
  }
}
