import { isDeepStrictEqual } from "node:util";
import type { HistoryEntry } from "../../history/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import { testSnapshot } from "../gates/index.ts";
import { historyOrProblem } from "../history/index.ts";
import {
  findTakenOut,
  isThere,
  lockAll,
  moveProduction,
  type ProductionMove,
  type ProductionPorts,
  planMove,
  settleCutOffMove,
  skipUnchanged,
} from "../production/index.ts";
import { assertUnchangedBeside, readBeside } from "./beside.ts";
import { objectionsTo, withObjections } from "./objections-to.ts";
import { chooseByAge } from "./old-enough.ts";
import {
  assertStillCandidate,
  isStaged,
  movedMeanwhile,
  requireCandidate,
  stagedAsOf,
} from "./promotion-candidate.ts";
import type { PromotionMove, PromotionPorts } from "./promotion-move.ts";
import { PromotionError, refuseObjectedTo } from "./promotion-objections.ts";
import { testCandidates } from "./promotion-tests.ts";
import { tellChanges } from "./tell-changes.ts";

interface PromotionChoice {
  /** The snapshot that was tested, if staging may show a newer one by now. Unset: the staged one. */
  readonly snapshot?: string | undefined;
  /** The newest snapshot that is at least this old and has no objections, staged or not. */
  readonly newestOlderThanMs?: number | undefined;
  /** Asked once everything is known that speaks for and against it; nothing moves unless it returns true. */
  readonly confirm?: (() => Promise<boolean>) | undefined;
}

/** A snapshot with objections goes into production only by force, and never without a reason. */
export type PromoteOptions = PromotionChoice &
  (
    | { readonly force?: false; readonly reason?: string | undefined }
    | { readonly force: true; readonly reason: string }
  );

export interface Promoted {
  readonly mirror: string;
  readonly snapshot: Snapshot;
  /** Clients saw nothing before. */
  readonly isFirst: boolean;
}

/**
 * Makes production of each mirror show the snapshot that is staged: all of them, or none. Snapshots are tested without a
 * lock, since gates may take long. What moves, under the lock, is what was tested against the same production, or nothing.
 */
export async function promoteSnapshots(
  mirrors: readonly PromotionPorts[],
  { snapshot: name, newestOlderThanMs: leastAgeMs, confirm, reason, force = false }: PromoteOptions,
  test: typeof testSnapshot = testSnapshot,
): Promise<readonly Promoted[]> {
  const objections = async (ports: PromotionPorts, one: Snapshot) =>
    force ? [] : await objectionsTo(ports, one, test);
  const chosen = leastAgeMs === undefined ? [] : await chooseByAge(mirrors, leastAgeMs, objections);
  const candidates = await collectCandidates(mirrors, name, chosen);
  if (!force) refuseObjectedTo(await Promise.all(candidates.map(withObjections))); // before tests that take long
  await tellChanges(candidates);
  const beside = await readBeside(candidates);
  const tested = await testCandidates(candidates, test);
  if (!force) refuseObjectedTo(tested);
  if (confirm !== undefined && !tested.every(isThere)) {
    await requireConfirmation(confirm, mirrors);
    // The answer may have taken hours. Verdicts that are still valid are looked up.
    if (!force) refuseObjectedTo(await testCandidates(candidates, test));
  }

  const isNamed = name !== undefined || leastAgeMs !== undefined;
  using _lock = await lockAll(mirrors, "snapshot promote");
  for (const { ports, snapshot } of tested) await assertStillCandidate(ports, snapshot, isNamed);
  if (!force) await assertUnchangedBeside(beside);
  const moves = await planPromotions(tested, force);
  if (!force) refuseObjectedTo(moves); // in case it was rolled back meanwhile
  const going = skipUnchanged(moves);
  for (const move of going) await announce(move);
  await moveProduction(going, { action: "promote", reason });
  return moves.map(({ ports, snapshot, before }) => ({
    mirror: ports.mirror.id,
    snapshot,
    isFirst: before.kind === "none",
  }));
}

async function requireConfirmation(
  confirm: () => Promise<boolean>,
  mirrors: readonly PromotionPorts[],
): Promise<void> {
  if (await confirm()) return;
  const ids = mirrors.map(({ mirror }) => mirror.id).join(", ");
  throw new PromotionError("PROMOTION_DECLINED", "nothing was promoted: the answer was not yes", {
    hint: `Production of ${ids} is as it was. Repeat the command when you are sure.`,
  });
}

/**
 * Plans the move of each mirror to its chosen snapshot, or to that of this name, or to the staged one. Finds everything
 * that would keep it from moving. Holds the locks only that long.
 */
async function collectCandidates(
  mirrors: readonly PromotionPorts[],
  name: string | undefined,
  chosen: readonly Snapshot[],
): Promise<readonly PromotionMove[]> {
  using _lock = await lockAll(mirrors, "snapshot promote");
  const candidates: PromotionMove[] = [];
  for (const [index, ports] of mirrors.entries()) {
    const snapshot = chosen[index] ?? (await requireCandidate(ports, name));
    await ports.publisher.assertAvailable("production");
    await settleCutOffMove(ports); // before the history is asked what was rolled back
    candidates.push(await planMove(ports, snapshot));
  }
  return candidates;
}

/** Plans the moves again, under the lock: the history and production may have changed since the tests. */
async function planPromotions(
  tested: readonly PromotionMove[],
  force: boolean,
): Promise<readonly PromotionMove[]> {
  const moves: PromotionMove[] = [];
  for (const candidate of tested) {
    const { ports, snapshot, objections } = candidate;
    await settleCutOffMove(ports);
    const move = await planMove(ports, snapshot);
    const hasMoved = !isDeepStrictEqual(move.before, candidate.before);
    if (hasMoved && !isThere(move) && !force) throw movedMeanwhile(ports, snapshot, move.before);
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
