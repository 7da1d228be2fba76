import { formatGoTime } from "../../config/index.ts";
import { dropCarried } from "../carry.ts";
import { createUnlocked } from "../create-snapshot.ts";
import { freeSpace } from "../delete-snapshots.ts";
import { pruneUnlocked } from "../prune-snapshots.ts";
import { pointProduction } from "../publish-snapshot.ts";
import type { SyncContext } from "./sync-context.ts";
import { waitForSnapshots } from "./wait-for-snapshots.ts";

/**
 * A mirror without snapshots has production follow the working mirror. Once snapshots are switched on for it, no sync
 * may move production: what it shows is frozen before anything new comes.
 */
export async function freezeProduction(context: SyncContext): Promise<void> {
  if (!context.mirror.snapshotEachSync || context.working.current() === undefined) return;
  using _snapshots = await waitForSnapshots(context);
  if (context.links.read("production").kind !== "working-mirror") return;
  // Its own kind of name: the snapshot of this very sync may well get the same time.
  const madeName = `${formatGoTime(context.mirror.snapshot.nameFormat, context.now())}-frozen`;
  context.emit({ type: "production-freezing", name: madeName });
  const snapshot = await createUnlocked(context, { madeName, stage: false, force: false });
  pointProduction(context, snapshot, { action: "publish", detail: "snapshots were switched on" });
}

/** Freezes, stages and prunes as configured; production stays where it is. */
export async function publishSync(
  context: SyncContext,
): Promise<{ readonly snapshot: string | undefined; readonly staged: boolean }> {
  const { snapshotEachSync, publishToStaging } = context.mirror;
  using _snapshots = await waitForSnapshots(context);
  const dropped = dropCarried(context);
  if (!snapshotEachSync) {
    if (context.links.read("production").kind === "none") context.links.pointToWorkingMirror("production");
    if (dropped > 0) await freeSpace(context);
    return { snapshot: undefined, staged: false };
  }
  const snapshot = await createUnlocked(context, { stage: publishToStaging, force: context.options.force });
  const decisions = await pruneUnlocked(context, { dryRun: false, keep: snapshot.name });
  if (dropped > 0 || decisions.some(({ keep }) => !keep)) await freeSpace(context);
  return { snapshot: snapshot.name, staged: publishToStaging };
}
