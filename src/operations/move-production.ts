import { isDeepStrictEqual } from "node:util";
import type { HistoryAction, HistoryEntry } from "../history/index.ts";
import type { LinkTarget } from "../publish/index.ts";
import { messageOf } from "../report/errors.ts";
import { overriddenText, type PromotionObjection } from "../report/objections.ts";
import { formatSpan } from "../report/units.ts";
import type { Snapshot } from "../snapshot/index.ts";
import { carryProduction } from "./carry.ts";
import type { MirrorContext } from "./context.ts";
import { settleCutOffMove } from "./cut-off-move.ts";
import { warnBeforeExpiryMs } from "./expiry.ts";
import { factsOf, readKnownDamage } from "./known-damage.ts";

/** Production of one mirror on its way to a snapshot. */
export interface Move {
  readonly context: MirrorContext;
  readonly snapshot: Snapshot;
  /** Where production leads until then. */
  readonly before: LinkTarget;
  /** What the snapshot goes into production in spite of. */
  readonly objections: readonly PromotionObjection[];
}

export interface ProductionChange {
  readonly action: Extract<HistoryAction, "publish" | "promote" | "rollback">;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
}

export const planMove = (
  context: MirrorContext,
  snapshot: Snapshot,
  objections: readonly PromotionObjection[] = [],
): Move => ({
  context,
  snapshot,
  before: context.links.read("production"),
  objections,
});

/**
 * Points production of each mirror to its snapshot, all of them or none, and writes it down: a run that is cut off leaves
 * lines that say what was begun. Should a move fail, it and those before it are put back, so that the same command again
 * does the same. For a caller that holds the locks of snapshots.
 */
export function moveProduction(moves: readonly Move[], change: ProductionChange): void {
  const begun = moves.map((move) => begin(move, change));
  try {
    for (const move of moves) {
      if (change.action === "promote") move.context.emit({ type: "promotion-started" });
      else warnOfDamage(move);
      pointToSnapshot(move);
    }
  } catch (error) {
    for (const move of begun.toReversed()) undo(move, change, error);
    throw error;
  }
  for (const { context, line } of begun) context.end(line, { result: "done", detail: line.detail });
}

interface BegunMove extends Move {
  /** Of the history, without an end as yet. */
  readonly line: HistoryEntry;
}

function begin(move: Move, change: ProductionChange): BegunMove {
  const { context, snapshot, before, objections } = move;
  settleCutOffMove(context);
  const from = before.kind === "snapshot" ? before.name : undefined;
  const overridden = objections.length === 0 ? undefined : overriddenText(objections);
  return {
    ...move,
    line: context.begin({ ...change, from, to: snapshot.name, detail: change.detail ?? overridden }),
  };
}

function pointToSnapshot({ context, snapshot, before, objections }: Move): void {
  for (const objection of objections)
    context.emit({ type: "objection-overridden", name: snapshot.name, objection });
  warnOfOlderRelease(context, before, snapshot);
  warnOfExpiry(context, snapshot);
  context.links.pointToSnapshot("production", snapshot.name);
  context.emit({ type: "production-updated", name: snapshot.name });
}

/** A promotion has objected to it by now. Publishing and rolling back are for when something else is worse. */
function warnOfDamage({ context, snapshot: { name } }: Move): void {
  const damage = readKnownDamage(context).get(name);
  if (damage !== undefined) context.emit({ type: "known-damage", name, damage: factsOf(damage) });
}

/** Where one mirror cannot be put back, the others are all the same. */
function undo(move: BegunMove, change: ProductionChange, cause: unknown): void {
  const { context, snapshot, line } = move;
  let detail = messageOf(cause);
  try {
    moveBack(move, change);
  } catch (error) {
    const problem = `production could not be put back and may show ${snapshot.name}: ${messageOf(error)}`;
    context.emit({ type: "warning", message: `${context.mirror.id}: ${problem}` });
    detail += `; ${problem}`;
  }
  context.end(line, { result: "failed", detail });
}

function moveBack({ context, before }: Move, { action }: ProductionChange): void {
  const { links, mirror } = context;
  if (isDeepStrictEqual(links.read("production"), before)) return;
  carryBack(context, before);
  if (before.kind === "snapshot") links.pointToSnapshot("production", before.name);
  else if (before.kind === "working-mirror") links.pointToWorkingMirror("production");
  else links.remove("production");
  const what = { promote: "promotion", publish: "publication", rollback: "rollback" }[action];
  const message = `Production of ${mirror.id} was put back: the ${what} failed`;
  context.emit({ type: "warning", message });
}

/** Clients have read of what was shown until now. Should that fail, production goes back all the same. */
function carryBack(context: MirrorContext, before: LinkTarget): void {
  const to = before.kind === "snapshot" ? context.catalog.find(before.name) : undefined;
  if (to === undefined) return;
  try {
    carryProduction(context, to);
  } catch (error) {
    const message = `${context.mirror.id}: clients in the middle of an update may have to repeat it: ${messageOf(error)}`;
    context.emit({ type: "warning", message });
  }
}

/**
 * apt ignores a Release that is older than the one it holds, without a word: a client that has seen the newer one keeps
 * its lists and asks for packages that the older tree may lack.
 */
function warnOfOlderRelease(context: MirrorContext, from: LinkTarget, to: Snapshot): void {
  const before = from.kind === "snapshot" ? context.catalog.find(from.name) : undefined;
  if (before === undefined) return;
  const datesBefore = new Map(before.meta.releases.map(({ suite, date }) => [suite, date]));
  const older = to.meta.releases.filter(({ suite, date }) => {
    const dateBefore = datesBefore.get(suite);
    return date !== undefined && dateBefore !== undefined && date < dateBefore;
  });
  if (older.length === 0) return;
  const suites = older.map(({ suite }) => suite).join(", ");
  context.emit({
    type: "warning",
    message: `${to.name} has an older Release than what was in production (${suites}): clients that have seen the newer one keep its lists until upstream's next`,
  });
}

/** A snapshot does not change, so its Release expires for every client once Valid-Until has passed. */
function warnOfExpiry(context: MirrorContext, snapshot: Snapshot): void {
  for (const { suite, validUntil } of snapshot.meta.releases) {
    if (validUntil === undefined) continue;
    const leftMs = new Date(validUntil).getTime() - context.now().getTime();
    if (leftMs > warnBeforeExpiryMs) continue;
    const when = leftMs > 0 ? `expires in ${formatSpan(leftMs)}` : `has expired (Valid-Until ${validUntil})`;
    const message = `${snapshot.name}: the Release of ${suite} ${when}; clients then refuse it`;
    context.emit({ type: "warning", message });
  }
}
