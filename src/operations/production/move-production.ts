import { isDeepStrictEqual } from "node:util";
import { haveInodesRunOut } from "../../errors.ts";
import { type HistoryAction, type HistoryEntry, knownDamage } from "../../history/index.ts";
import { forgetHolder } from "../../platform/locks/lock.ts";
import type { LinkTarget } from "../../publish/index.ts";
import { messageOf } from "../../report/errors.ts";
import { notRestoredText } from "../../report/words/messages/production.ts";
import { overriddenText, type PromotionObjection } from "../../report/words/objections.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { factsOf, historyOrProblem } from "../history/index.ts";
import { workingMirrorName } from "../working-mirror-name.ts";
import { carryProduction } from "./carry.ts";
import { settleCutOffMove } from "./cut-off-move.ts";
import { findTakenOut } from "./taken-out.ts";
import { warnOfExpiry, warnOfOlderRelease } from "./warn-of-releases.ts";

/** Production of one mirror on its way to a snapshot. */
export interface Move {
  readonly context: MirrorContext;
  readonly snapshot: Snapshot;
  /** Where production leads until then. */
  readonly before: LinkTarget;
  /** What the snapshot goes into production in spite of. */
  readonly objections: readonly PromotionObjection[];
  /** The line of a run that was cut off once production had moved; `before` is where it led before that run. */
  readonly begun?: HistoryEntry;
}

export interface ProductionChange {
  readonly action: Extract<HistoryAction, "publish" | "promote" | "rollback">;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
}

export const planMove = (context: MirrorContext, snapshot: Snapshot): Move => ({
  context,
  snapshot,
  before: context.links.read("production"),
  objections: [],
});

/** Whether production shows the snapshot already. */
export const isThere = ({ before, snapshot }: Move): boolean =>
  before.kind === "snapshot" && before.name === snapshot.name;

/** The moves that change something. Of the others it is said, and recorded nowhere, that there is nothing to do. */
export function skipUnchanged(moves: readonly Move[]): readonly Move[] {
  for (const { context, snapshot } of moves.filter(isThere))
    context.emit({ type: "production-unchanged", name: snapshot.name });
  return moves.filter((move) => !isThere(move));
}

/**
 * Points production of each mirror to its snapshot, all of them or none, and writes it down: a run that is cut off leaves
 * lines that say what was begun. Should a move fail, it and those before it are put back, so that the same command again
 * does the same. For a caller that holds the locks of snapshots.
 */
export function moveProduction(moves: readonly Move[], change: ProductionChange): void {
  const at = moves[0]?.context.now(); // one time for all: it tells which lines belong together
  const begun = moves.map((move) => begin(move, change, at));
  try {
    for (const move of moves) {
      if (change.action === "promote") startPromotion(move);
      else warnOfPast(move);
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

function begin(move: Move, change: ProductionChange, at: Date | undefined): BegunMove {
  const { context, snapshot, before, objections } = move;
  if (move.begun !== undefined) return { ...move, line: move.begun };
  settleCutOffMove(context);
  const from = before.kind === "snapshot" ? before.name : undefined;
  const overridden = objections.length === 0 ? undefined : overriddenText(objections);
  return {
    ...move,
    line: context.begin({ at, ...change, from, to: snapshot.name, detail: change.detail ?? overridden }),
  };
}

function startPromotion({ context, snapshot: { name } }: Move): void {
  const staged = context.links.read("staging");
  const isStaged = staged.kind === "snapshot" && staged.name === name;
  context.emit({ type: "promotion-started", name, isStaged });
}

function pointToSnapshot({ context, snapshot, before }: Move): void {
  warnOfOlderRelease(context, before, snapshot);
  warnOfExpiry(context, snapshot);
  pointProduction(context, snapshot.name);
  context.emit({ type: "production-updated", name: snapshot.name });
}

/** A link takes an inode until it has replaced the old one. Without a free one, the note of who holds the lock gives way. */
function pointProduction({ links, layout }: MirrorContext, name: string): void {
  try {
    links.pointToSnapshot("production", name);
  } catch (error) {
    if (!haveInodesRunOut(error)) throw error;
    forgetHolder(layout.snapshotsLock);
    links.pointToSnapshot("production", name);
  }
}

/** A promotion has objected to it by now. Publishing and rolling back are for when something else is worse. */
function warnOfPast({ context, snapshot }: Move): void {
  const { name } = snapshot;
  const history = historyOrProblem(context);
  if ("problem" in history) return; // which has been said, and keeps nobody from moving production
  const damage = knownDamage(history.entries, workingMirrorName).get(name);
  if (damage !== undefined) context.emit({ type: "known-damage", name, damage: factsOf(damage) });
  const taken = findTakenOut(context, history.entries)(snapshot);
  if (taken?.how !== "rolled-back") return;
  const { at, by, reason, name: as } = taken;
  context.emit({ type: "rolled-back-returns", name, as: as === name ? undefined : as, at, by, reason });
}

/** Where one mirror cannot be put back, the others are all the same. */
function undo(move: BegunMove, change: ProductionChange, cause: unknown): void {
  const { context, snapshot, line } = move;
  let detail = messageOf(cause);
  try {
    moveBack(move, change);
  } catch (error) {
    const facts = { name: snapshot.name, reason: messageOf(error) };
    context.emit({ type: "production-not-restored", ...facts });
    detail += `; ${notRestoredText(facts)}`;
  }
  context.end(line, { result: "failed", detail });
}

function moveBack({ context, before }: Move, { action }: ProductionChange): void {
  const { links } = context;
  if (isDeepStrictEqual(links.read("production"), before)) return;
  carryBack(context, before);
  if (before.kind === "snapshot") pointProduction(context, before.name);
  else if (before.kind === "working-mirror") links.pointToWorkingMirror("production");
  else links.remove("production");
  context.emit({ type: "production-restored", action });
}

/** Clients have read of what was shown until now. Should that fail, production goes back all the same. */
function carryBack(context: MirrorContext, before: LinkTarget): void {
  const to = before.kind === "snapshot" ? context.catalog.find(before.name) : undefined;
  if (to === undefined) return;
  try {
    carryProduction(context, to);
  } catch (error) {
    context.emit({ type: "files-not-carried", reason: messageOf(error) });
  }
}
