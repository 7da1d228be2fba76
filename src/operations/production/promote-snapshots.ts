import { type HistoryEntry, lastStaged } from "../../history/index.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { type HistoryOrProblem, historyOrProblem } from "../history/index.ts";
import { requireSnapshot } from "../require-snapshot.ts";
import { carryProduction } from "./carry.ts";
import { settleCutOffMove } from "./cut-off-move.ts";
import { isThere, type Move, moveProduction, planMove, skipUnchanged } from "./move-production.ts";
import { findObjections, refuseObjectedTo } from "./promotion-objections.ts";
import { findTakenOut } from "./taken-out.ts";

interface PromotionChoice {
  /** The snapshot that was tested, which staging may have left since; unset: the staged one. */
  readonly snapshot?: string | undefined;
}

/** What is objected to goes into production only by force, and never without a reason. */
export type PromoteOptions = PromotionChoice &
  (
    | { readonly force?: false; readonly reason?: string | undefined }
    | { readonly force: true; readonly reason: string }
  );

/**
 * Points production of each mirror to the snapshot that was tested: all of them, or none. Everything that can be wrong is
 * looked for before the first link moves.
 */
export async function promoteSnapshots(
  contexts: readonly MirrorContext[],
  { snapshot: name, reason, force = false }: PromoteOptions,
): Promise<readonly Snapshot[]> {
  using locks = new DisposableStack();
  for (const context of contexts) locks.use(await context.lockSnapshots("snapshot promote"));
  const moves = contexts.map((context) => preparePromotion(context, name));
  if (!force) refuseObjectedTo(moves);
  const going = skipUnchanged(moves);
  for (const move of going) announce(move);
  for (const { context, snapshot } of going) carryProduction(context, snapshot);
  moveProduction(going, { action: "promote", reason });
  return moves.map(({ snapshot }) => snapshot);
}

function preparePromotion(context: MirrorContext, name: string | undefined): Move {
  const snapshot = name === undefined ? requireStaged(context) : requireOnceStaged(context, name);
  context.links.assertPointable("production");
  settleCutOffMove(context); // before the history is asked what was rolled back
  const move = planMove(context, snapshot);
  return isThere(move) ? move : { ...move, objections: findObjections(context, snapshot) };
}

function requireStaged(context: MirrorContext): Snapshot {
  const target = context.links.read("staging");
  if (target.kind === "snapshot") return context.catalog.require(target.name);
  const id = context.mirror.id;
  throw new SnapshotError(
    "NOTHING_STAGED",
    target.kind === "none"
      ? `${id} has nothing in staging`
      : `staging of ${id} leads to no snapshot of this mirror`,
    {
      facts: { link: context.layout.staging, leadsTo: target.kind === "foreign" ? target.path : undefined },
      hint: `Stage a snapshot first: mirrorctl snapshot stage ${id} NAME ("mirrorctl snapshot list ${id}" shows them).`,
    },
  );
}

/** What nobody could test is not promoted, also by its name: `publish` is for that. */
function requireOnceStaged(context: MirrorContext, name: string): Snapshot {
  const snapshot = requireSnapshot(context, name);
  const history = historyOrProblem(context);
  if (isStaged(context, name) || stagedAsOf(history, name) !== undefined) return snapshot;
  const { id } = context.mirror;
  const message = `snapshot ${name} of ${id} was never staged`;
  throw new SnapshotError(
    "NEVER_STAGED",
    "problem" in history
      ? `${message}, as far as is known: the history cannot be read: ${history.problem}`
      : message,
    { hint: `Stage it, test it, then promote it: mirrorctl snapshot stage ${id} ${name}` },
  );
}

function isStaged({ links }: MirrorContext, name: string): boolean {
  const target = links.read("staging");
  return target.kind === "snapshot" && target.name === name;
}

const stagedAsOf = (history: HistoryOrProblem, name: string) =>
  "problem" in history ? undefined : lastStaged(history.entries, name);

/** Says what is about to go into production, so that nobody has to guess what a sync has staged meanwhile. */
function announce({ context, snapshot, objections }: Move): void {
  const { name } = snapshot;
  const history = historyOrProblem(context);
  const staged = stagedAsOf(history, name);
  context.emit({ type: "promotion-planned", name, staged, isStaged: isStaged(context, name) });
  for (const objection of objections) context.emit({ type: "objection-overridden", name, objection });
  if ("entries" in history) warnOfReplaced(context, history.entries, snapshot);
}

/** The founding document rolls back by publishing an older snapshot, so that this is no refusal. */
function warnOfReplaced(context: MirrorContext, entries: readonly HistoryEntry[], snapshot: Snapshot): void {
  const taken = findTakenOut(context, entries)(snapshot);
  if (taken?.how !== "replaced") return;
  const { name: as, at, by, reason, to } = taken;
  const { name } = snapshot;
  context.emit({ type: "replaced-snapshot-returns", name, as, older: to, at, by, reason });
}
