import { productionBefore } from "../history/index.ts";
import { type Snapshot, SnapshotError } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";
import { findCutOffMove, settleCutOffMove } from "./cut-off-move.ts";
import { nameInProduction, pointProduction } from "./publish-snapshot.ts";

export interface RollbackOptions {
  /** The snapshot to go back to; unset: what production was before. */
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Puts production back to what it was before. Given again after a run that was cut off once production had moved, it goes
 * no further: that is where the first one was to go.
 */
export function rollBack(context: MirrorContext, options: RollbackOptions): Snapshot {
  using _lock = context.lockSnapshots("snapshot rollback");
  const ended = options.to === undefined ? endCutOff(context) : undefined;
  if (ended !== undefined) return ended;
  const present = nameInProduction(context);
  const goal =
    options.to === undefined ? findPredecessor(context, present) : context.catalog.require(options.to);
  context.emit({ type: "rollback-started", from: present });
  pointProduction(context, goal, { action: "rollback", reason: options.reason });
  return goal;
}

/** Undefined where there is none, or none that still exists. */
function endCutOff(context: MirrorContext): Snapshot | undefined {
  const move = findCutOffMove(context);
  const { action, from, to = "" } = move?.line ?? {};
  const isMovedRollback = action === "rollback" && from !== to && move?.hasMoved === true;
  const goal = isMovedRollback ? context.catalog.find(to) : undefined;
  if (goal === undefined) {
    settleCutOffMove(context); // before the history is asked what production was before
    return undefined;
  }
  context.emit({ type: "rollback-started", from });
  context.links.pointToSnapshot("production", goal.name); // that the first one has flushed it is not known
  settleCutOffMove(context);
  context.emit({ type: "production-updated", name: goal.name });
  return goal;
}

/** The nearest predecessor that still exists. */
function findPredecessor(context: MirrorContext, present: string | undefined): Snapshot {
  const id = context.mirror.id;
  if (present === undefined) {
    throw new SnapshotError(
      "NOTHING_IN_PRODUCTION",
      `${id} has no snapshot in production to roll back from`,
      {
        hint: `Promote what is staged, or publish one: mirrorctl snapshot publish ${id} NAME`,
      },
    );
  }
  const gone: string[] = [];
  for (const { name, isDeleted } of productionBefore(context.history.list({ mirror: id }), present)) {
    if (name === present) continue;
    const snapshot = isDeleted ? undefined : context.catalog.find(name);
    if (snapshot !== undefined) {
      if (gone.length > 0) warnOfGone(context, gone, name);
      return snapshot;
    }
    gone.push(name);
  }
  throw new SnapshotError(
    "NO_PREDECESSOR",
    `${id}: nothing is known to have been in production before ${present}`,
    {
      facts: { deleted: gone },
      hint: `Name the snapshot to go back to: mirrorctl snapshot rollback ${id} --to NAME ("mirrorctl snapshot list ${id}" shows them).`,
    },
  );
}

function warnOfGone(context: MirrorContext, gone: readonly string[], name: string): void {
  context.emit({
    type: "warning",
    message: `In production before was ${gone.join(", then ")}, which is deleted: going back to ${name}`,
  });
}
