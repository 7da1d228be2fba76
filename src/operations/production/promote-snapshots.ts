import type { HistoryEntry } from "../../history/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import { historyOrProblem } from "../history/index.ts";
import { settleCutOffMove } from "./cut-off-move.ts";
import { moveProduction } from "./move-production.ts";
import {
  isThere,
  lockAll,
  type ProductionMove,
  type ProductionPorts,
  planMove,
  skipUnchanged,
} from "./production-move.ts";
import {
  assertStillCandidate,
  isStaged,
  movedMeanwhile,
  requireCandidate,
  stagedAsOf,
} from "./promotion-candidate.ts";
import { findObjections, refuseObjectedTo } from "./promotion-objections.ts";
import { type PromotionTest, promotionTests, testCandidate } from "./promotion-tests.ts";
import { findTakenOut } from "./taken-out.ts";

interface PromotionChoice {
  /** The snapshot that was tested, if staging may show a newer one by now. Unset: the staged one. */
  readonly snapshot?: string | undefined;
}

/** A snapshot with objections goes into production only by force, and never without a reason. */
export type PromoteOptions = PromotionChoice &
  (
    | { readonly force?: false; readonly reason?: string | undefined }
    | { readonly force: true; readonly reason: string }
  );

/**
 * Makes production of each mirror show the snapshot that is staged: all of them, or none. Snapshots are tested without a
 * lock, since tests may take long. What moves, under the lock, is what was tested, or nothing.
 */
export async function promoteSnapshots(
  mirrors: readonly ProductionPorts[],
  { snapshot: name, reason, force = false }: PromoteOptions,
  tests: readonly PromotionTest[] = promotionTests,
): Promise<readonly Snapshot[]> {
  const candidates = await collectCandidates(mirrors, name);
  if (!force) refuseObjectedTo(await Promise.all(candidates.map(withObjections))); // before tests that take long
  const tested = await Promise.all(candidates.map((candidate) => testCandidate(candidate, tests)));
  if (!force) refuseObjectedTo(tested);

  using _lock = await lockAll(mirrors, "snapshot promote");
  for (const { ports, snapshot } of tested) await assertStillCandidate(ports, snapshot, name !== undefined);
  const moves = await planPromotions(tested);
  if (!force) refuseObjectedTo(moves); // in case it was rolled back meanwhile
  const going = skipUnchanged(moves);
  for (const move of going) await announce(move);
  await moveProduction(going, { action: "promote", reason });
  return moves.map(({ snapshot }) => snapshot);
}

/** Plans the move of each mirror, and finds everything that would keep it from moving. Holds the locks only that long. */
async function collectCandidates(
  mirrors: readonly ProductionPorts[],
  name: string | undefined,
): Promise<readonly ProductionMove[]> {
  using _lock = await lockAll(mirrors, "snapshot promote");
  const candidates: ProductionMove[] = [];
  for (const ports of mirrors) {
    const snapshot = await requireCandidate(ports, name);
    await ports.publisher.assertAvailable("production");
    await settleCutOffMove(ports); // before the history is asked what was rolled back
    candidates.push(await planMove(ports, snapshot));
  }
  return candidates;
}

/** Adds the objections of the history. What production shows already has none. */
async function withObjections(move: ProductionMove): Promise<ProductionMove> {
  const { ports, snapshot, objections } = move;
  if (isThere(move)) return { ...move, objections: [] };
  return { ...move, objections: [...objections, ...(await findObjections(ports, snapshot))] };
}

/** Plans the moves again, under the lock: the history and production may have changed since the tests. */
async function planPromotions(tested: readonly ProductionMove[]): Promise<readonly ProductionMove[]> {
  const moves: ProductionMove[] = [];
  for (const candidate of tested) {
    const { ports, snapshot, objections } = candidate;
    await settleCutOffMove(ports);
    const move = await planMove(ports, snapshot);
    if (isThere(candidate) && !isThere(move)) throw movedMeanwhile(ports, snapshot);
    moves.push(await withObjections({ ...move, objections }));
  }
  return moves;
}

/** Says what is about to go into production, so that nobody has to guess what a sync has staged meanwhile. */
async function announce({ ports, snapshot, objections }: ProductionMove): Promise<void> {
  const { name } = snapshot;
  const history = await historyOrProblem(ports);
  const staged = stagedAsOf(history, name);
  ports.emit({ type: "promotion-planned", name, staged, isStaged: await isStaged(ports, name) });
  for (const objection of objections) ports.emit({ type: "objection-overridden", name, objection });
  if ("entries" in history) await warnOfReplaced(ports, history.entries, snapshot);
}

/** No refusal: the founding document rolls back by publishing an older snapshot. */
async function warnOfReplaced(
  ports: ProductionPorts,
  entries: readonly HistoryEntry[],
  snapshot: Snapshot,
): Promise<void> {
  const taken = (await findTakenOut(ports, entries))(snapshot);
  if (taken?.how !== "replaced") return;
  const { name: as, at, by, reason, to } = taken;
  const { name } = snapshot;
  ports.emit({ type: "replaced-snapshot-returns", name, as, older: to, at, by, reason });
}
