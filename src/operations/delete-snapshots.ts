import type { PublicName } from "../publish/index.ts";
import { messageOf } from "../report/errors.ts";
import { type Snapshot, SnapshotError } from "../snapshot/index.ts";
import { dropCarried } from "./carry.ts";
import type { MirrorContext } from "./context.ts";
import { settleCutOffMove } from "./cut-off-move.ts";

export interface DeleteOutcome {
  readonly deleted: readonly string[];
  /** By name; the others were deleted all the same. */
  readonly failures: ReadonlyMap<string, unknown>;
}

/** Deletes snapshots, each by itself: what one cannot do does not keep the next. With `force`, public links go first. */
export async function deleteSnapshots(
  context: MirrorContext,
  names: readonly string[],
  options: { readonly force: boolean },
): Promise<DeleteOutcome> {
  using _lock = context.lockSnapshots("snapshot delete");
  dropCarried(context);
  const ended = await endRemovals(context);
  const deleted: string[] = [];
  const failures = new Map<string, unknown>();
  for (const name of names) {
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
  releaseLinks(context, snapshot, force);
  await deleteUnlocked(context, snapshot);
}

/** Clears up after runs that were killed. Answers the names of the snapshots that they were removing. */
export async function endRemovals(context: MirrorContext): Promise<readonly string[]> {
  settleCutOffMove(context);
  const names = await context.catalog.clean();
  for (const name of names) tellDeleted(context, name);
  return names;
}

/** For a caller that holds the lock of snapshots and knows that no link leads there. */
export async function deleteUnlocked(context: MirrorContext, snapshot: Snapshot): Promise<void> {
  await context.catalog.remove(snapshot.name);
  tellDeleted(context, snapshot.name);
}

function tellDeleted(context: MirrorContext, name: string): void {
  context.emit({ type: "snapshot-deleted", name });
  context.record({ action: "delete", result: "done", from: name });
}

/** Objects go when no tree of any mirror holds them any longer. */
export async function freeSpace(context: MirrorContext): Promise<void> {
  const { objects, freedBytes } = await context.sweep();
  if (objects > 0) context.emit({ type: "space-freed", objects, sizeBytes: freedBytes });
}

/** What leads to a snapshot: public links, and the names of those that are not mirrorctl's to take away. */
export function linksTo(
  { links, mirror }: MirrorContext,
  name: string,
): { readonly leading: readonly PublicName[]; readonly others: readonly string[] } {
  const leading = publicNames.filter((link) => {
    const target = links.read(link);
    return target.kind === "snapshot" && target.name === name;
  });
  const named = leading.map((link) => mirror.publish[link]);
  return { leading, others: links.leadingTo(name).filter((link) => !named.includes(link)) };
}

const publicNames = ["staging", "production"] as const satisfies readonly PublicName[];

function releaseLinks(context: MirrorContext, snapshot: Snapshot, force: boolean): void {
  const { leading, others } = linksTo(context, snapshot.name);
  if (others.length > 0 || (leading.length > 0 && !force)) throw inUse(context, snapshot, leading, others);
  for (const link of leading) {
    context.links.remove(link);
    context.emit({ type: "link-removed", link, name: snapshot.name });
    context.record({ action: "unlink", result: "done", from: snapshot.name, detail: link });
  }
}

function inUse(
  context: MirrorContext,
  snapshot: Snapshot,
  leading: readonly PublicName[],
  others: readonly string[],
): SnapshotError {
  const uses = [
    ...leading.map((link) => (link === "staging" ? "staged" : "in production")),
    ...others.map((link) => `linked as ${link}`),
  ];
  return new SnapshotError(
    "SNAPSHOT_IN_USE",
    `snapshot ${snapshot.name} of ${context.mirror.id} is ${uses.join(" and ")}`,
    {
      facts: { links: [...leading, ...others] },
      hint:
        others.length === 0
          ? "Stage or publish another one first, or take the link away too with --force."
          : `[publish] does not name ${others.join(", ")}: when no client reads it any longer, remove it from ${context.layout.root}.`,
    },
  );
}
