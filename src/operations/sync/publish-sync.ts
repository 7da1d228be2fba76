import { formatGoTime } from "../../config/index.ts";
import { productionBefore } from "../../history/index.ts";
import type { Ports } from "../context.ts";
import { showInProduction } from "../production/index.ts";
import { createUnlocked, endRemovals, freeSpace, pruneUnlocked } from "../snapshots/index.ts";
import { findKept, keepSnapshot } from "./keep-snapshot.ts";
import type { SyncContext } from "./sync-context.ts";
import { openSnapshotSpare, type SnapshotSpare } from "./tree/snapshot-spare.ts";

/** A prune may hold the lock for some seconds, and must not fail a sync that took hours. */
const waitForSnapshotsMs = 90_000;

/**
 * Makes a snapshot of what production shows when snapshots are switched on. Until then production followed the working
 * mirror; from now on, no sync may move it.
 */
export async function freezeProduction(context: SyncContext): Promise<void> {
  if (!context.mirror.snapshotEachSync || context.working.current() === undefined) return;
  using _snapshots = await context.lockSnapshots("sync", waitForSnapshotsMs);
  if ((await context.publisher.read("production")).kind !== "working-mirror") return;
  // A name of its own, since the snapshot of this sync may get the same time.
  const madeName = `${formatGoTime(context.mirror.snapshot.nameFormat, context.now())}-frozen`;
  context.emit({ type: "production-freezing", name: madeName });
  const snapshot = await createUnlocked(context, { madeName, stage: false, force: false });
  await showInProduction(context, snapshot, { action: "publish", detail: "snapshots were switched on" });
}

/** Snapshots and staging at the end of a sync. */
export interface PublishedSync {
  readonly snapshot: string | undefined;
  /** The snapshot existed before: nothing was new (skip_unchanged). */
  readonly kept: boolean;
  /** Staging leads to the snapshot. */
  readonly staged: boolean;
  /** Clients see nothing yet, see something since this sync, or see what they saw before. */
  readonly production: "none" | "begun" | "kept";
}

interface PublishOptions {
  readonly unchanged: boolean;
  readonly force: boolean;
}

/** Makes, stages and prunes snapshots as configured. Production stays where it is. */
export async function publishSync(
  context: SyncContext,
  { unchanged, force }: PublishOptions,
): Promise<PublishedSync> {
  using _snapshots = await context.lockSnapshots("sync", waitForSnapshotsMs);
  const dropped = await context.publisher.dropExpired(context.now(), context.signal);
  if (!context.mirror.snapshotEachSync) {
    const production = await followWorkingMirror(context);
    if (dropped > 0) await freeSpace(context);
    return { snapshot: undefined, kept: false, staged: false, production };
  }
  const spare = openSnapshotSpare(context);
  const published = await freezeOrKeep(context, { unchanged, force, ready: spare.ready });
  const options = { dryRun: false, keep: published.snapshot } as const;
  const decisions = await pruneUnlocked(context, options, spare.take);
  const { lostNone } = await spare.refill();
  const lost = decisions.filter(({ keep }) => !keep).length - lostNone;
  if (dropped + lost > 0) await freeSpace(context);
  context.memory.endFreeing();
  const { kind } = await context.publisher.read("production");
  return { ...published, production: kind === "none" ? "none" : "kept" };
}

/**
 * Points production of a mirror without snapshots to the working mirror. If production was a snapshot and its link is gone,
 * it is left missing: nobody has promoted what the sync downloaded. Throws if the history, which tells, cannot be read.
 */
async function followWorkingMirror(
  ports: Ports<"mirror" | "layout" | "publisher" | "history" | "signal" | "emit">,
): Promise<PublishedSync["production"]> {
  const { mirror, publisher, layout, history, signal, emit } = ports;
  if ((await publisher.read("production")).kind !== "none") return "kept";
  const entries = await history.list({ mirror: mirror.id });
  const wasSnapshot = productionBefore(entries, undefined).length > 0;
  if (wasSnapshot) {
    emit({ type: "production-left-missing", link: layout.production });
    return "none";
  }
  await publisher.show("production", { kind: "working-mirror" }, "nothing", signal);
  return "begun";
}

async function freezeOrKeep(
  context: SyncContext,
  { unchanged, force, ready }: PublishOptions & { readonly ready: SnapshotSpare["ready"] },
): Promise<Omit<PublishedSync, "production">> {
  const held = unchanged ? await findKept(context) : undefined;
  if (held !== undefined) {
    if ((await endRemovals(context)).length > 0) await freeSpace(context);
    return { snapshot: held.name, kept: true, staged: await keepSnapshot(context, held) };
  }
  const staged = context.mirror.publishToStaging;
  const { name } = await createUnlocked(context, { stage: staged, force, ready });
  return { snapshot: name, kept: false, staged };
}
