import { type HistoryEntry, reachedTogether } from "../../history/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import { requireSnapshot } from "../trees/index.ts";
import { findCutOffMove, settleCutOffMove, tellCutOff } from "./cut-off-move.ts";
import { moveProduction } from "./move-production.ts";
import { noPredecessor, nothingInProduction } from "./no-predecessor.ts";
import { nameInProduction, predecessorsOf } from "./predecessors.ts";
import {
  lockAll,
  type ProductionMove,
  type ProductionPorts,
  planMove,
  skipUnchanged,
} from "./production-move.ts";

export interface RollbackOptions {
  /** The snapshot to go back to. Unset: what production showed before. */
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Puts production of each mirror back to what it showed before: all of them, or none. Repeated after a run that was cut
 * off, it takes no mirror further than that run would have.
 */
export async function rollBack(
  mirrors: readonly ProductionPorts[],
  { to, reason }: RollbackOptions,
): Promise<readonly Snapshot[]> {
  using _lock = await lockAll(mirrors, "snapshot rollback");
  const moves = to === undefined ? await planStepsBack(mirrors) : await planMovesTo(mirrors, to);
  const going = skipUnchanged(moves);
  for (const { ports, before } of going)
    ports.emit({ type: "rollback-started", from: before.kind === "snapshot" ? before.name : undefined });
  await moveProduction(going, { action: "rollback", reason });
  return moves.map(({ snapshot }) => snapshot);
}

async function planMovesTo(
  mirrors: readonly ProductionPorts[],
  name: string,
): Promise<readonly ProductionMove[]> {
  const moves: ProductionMove[] = [];
  for (const ports of mirrors) {
    const snapshot = await requireSnapshot(ports, name);
    await ports.publisher.assertAvailable("production");
    await settleCutOffMove(ports);
    moves.push(await planMove(ports, snapshot));
  }
  return moves;
}

async function planStepsBack(mirrors: readonly ProductionPorts[]): Promise<readonly ProductionMove[]> {
  const histories: (readonly HistoryEntry[])[] = [];
  for (const { history, mirror } of mirrors) histories.push(await history.list({ mirror: mirror.id }));
  const reached = reachedTogether(histories);
  const moves: ProductionMove[] = [];
  for (const [index, ports] of mirrors.entries()) {
    await ports.publisher.assertAvailable("production");
    const stays = await planToStay(ports, reached[index]);
    moves.push(stays ?? (await resumeCutOff(ports)) ?? (await planStepBack(ports)));
  }
  return moves;
}

/** For a mirror that the run that was cut off had taken to `name` already: only other mirrors of that run are left. */
async function planToStay(
  ports: ProductionPorts,
  name: string | undefined,
): Promise<ProductionMove | undefined> {
  if (name === undefined || (await nameInProduction(ports)) !== name) return undefined;
  return await planMove(ports, await ports.catalog.require(name));
}

/** Ends what was begun, if production had moved. Undefined if it had not, or not to a snapshot that still exists. */
async function resumeCutOff(ports: ProductionPorts): Promise<ProductionMove | undefined> {
  const cutOff = await findCutOffMove(ports);
  const { action, from, to = "" } = cutOff?.line ?? {};
  const isMovedRollback = action === "rollback" && from !== to && cutOff?.hasMoved === true;
  const snapshot = isMovedRollback ? await ports.catalog.find(to) : undefined;
  const canGoBack = from !== undefined && (await ports.catalog.find(from)) !== undefined;
  if (cutOff !== undefined && snapshot !== undefined && canGoBack) {
    const before = { kind: "snapshot", name: from } as const;
    return { ports, snapshot, before, objections: [], begun: tellCutOff(ports, cutOff) };
  }
  await settleCutOffMove(ports); // before the history is asked what production showed before
  return snapshot && (await planMove(ports, snapshot));
}

/** Goes to the nearest predecessor that still exists. */
async function planStepBack(ports: ProductionPorts): Promise<ProductionMove> {
  const present = await nameInProduction(ports);
  const entries = await ports.history.list({ mirror: ports.mirror.id });
  const predecessors = await predecessorsOf(ports, entries);
  if (present === undefined) throw nothingInProduction(ports.mirror.id, predecessors);
  const nearest = predecessors.findIndex(({ snapshot }) => snapshot !== undefined);
  const goal = predecessors[nearest]?.snapshot;
  if (goal === undefined) throw await noPredecessor(ports, present, predecessors, entries);
  const gone = predecessors.slice(0, nearest).map(({ name, deletion }) => ({ name, deletion }));
  if (gone.length > 0) ports.emit({ type: "predecessors-gone", gone, goal: goal.name });
  return await planMove(ports, goal);
}
