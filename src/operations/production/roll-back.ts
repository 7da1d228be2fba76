import { reachedTogether } from "../../history/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { requireSnapshot } from "../require-snapshot.ts";
import { carryProductionIfRoom } from "./carry.ts";
import { findCutOffMove, settleCutOffMove, tellCutOff } from "./cut-off-move.ts";
import { type Move, moveProduction, planMove, skipUnchanged } from "./move-production.ts";
import { noPredecessor, nothingInProduction } from "./no-predecessor.ts";
import { nameInProduction, predecessorsOf } from "./predecessors.ts";

export interface RollbackOptions {
  /** The snapshot to go back to; unset: what production was before. */
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Puts production of each mirror back to what it was before: all of them, or none. Given again after a run that was cut
 * off, it takes no mirror further than that run was to take it.
 */
export async function rollBack(
  contexts: readonly MirrorContext[],
  options: RollbackOptions,
): Promise<readonly Snapshot[]> {
  using locks = new DisposableStack();
  for (const context of contexts) locks.use(await context.lockSnapshots("snapshot rollback"));
  const { to, reason } = options;
  const moves =
    to === undefined ? planStepsBack(contexts) : contexts.map((context) => planMoveTo(context, to));
  const going = skipUnchanged(moves);
  for (const { context, before } of going)
    context.emit({ type: "rollback-started", from: before.kind === "snapshot" ? before.name : undefined });
  for (const { context, snapshot } of going) carryProductionIfRoom(context, snapshot);
  moveProduction(going, { action: "rollback", reason });
  return moves.map(({ snapshot }) => snapshot);
}

function planMoveTo(context: MirrorContext, name: string): Move {
  const snapshot = requireSnapshot(context, name);
  context.links.assertPointable("production");
  settleCutOffMove(context);
  return planMove(context, snapshot);
}

function planStepsBack(contexts: readonly MirrorContext[]): readonly Move[] {
  const histories = contexts.map(({ history, mirror }) => history.list({ mirror: mirror.id }));
  const reached = reachedTogether(histories);
  return contexts.map((context, index) => {
    context.links.assertPointable("production");
    return stayAt(context, reached[index]) ?? resumeCutOff(context) ?? planStepBack(context);
  });
}

/** The run that was cut off had taken this mirror to `name`, and only others of its mirrors are left. */
function stayAt(context: MirrorContext, name: string | undefined): Move | undefined {
  if (name === undefined || nameInProduction(context) !== name) return undefined;
  return planMove(context, context.catalog.require(name));
}

/** Ends what was begun, where production had moved; undefined where it had not, or not to a snapshot that still exists. */
function resumeCutOff(context: MirrorContext): Move | undefined {
  const cutOff = findCutOffMove(context);
  const { action, from, to = "" } = cutOff?.line ?? {};
  const isMovedRollback = action === "rollback" && from !== to && cutOff?.hasMoved === true;
  const snapshot = isMovedRollback ? context.catalog.find(to) : undefined;
  const canGoBack = from !== undefined && context.catalog.find(from) !== undefined;
  if (cutOff !== undefined && snapshot !== undefined && canGoBack) {
    const before = { kind: "snapshot", name: from } as const;
    return { context, snapshot, before, objections: [], begun: tellCutOff(context, cutOff) };
  }
  settleCutOffMove(context); // before the history is asked what production was before
  return snapshot && planMove(context, snapshot);
}

/** To the nearest predecessor that still exists. */
function planStepBack(context: MirrorContext): Move {
  const present = nameInProduction(context);
  const entries = context.history.list({ mirror: context.mirror.id });
  if (present === undefined) throw nothingInProduction(context, entries);
  const predecessors = predecessorsOf(context, entries);
  const place = predecessors.findIndex(({ snapshot }) => snapshot !== undefined);
  const goal = predecessors[place]?.snapshot;
  if (goal === undefined) throw noPredecessor(context, present, predecessors, entries);
  const gone = predecessors.slice(0, place).map(({ name, deletion }) => ({ name, deletion }));
  if (gone.length > 0) context.emit({ type: "predecessors-gone", gone, goal: goal.name });
  return planMove(context, goal);
}
