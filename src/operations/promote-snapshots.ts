import { type Snapshot, SnapshotError } from "../snapshot/index.ts";
import { carryProduction } from "./carry.ts";
import type { MirrorContext } from "./context.ts";
import { settleCutOffMove } from "./cut-off-move.ts";
import { type Move, moveProduction, planMove } from "./move-production.ts";
import { findObjections, refuseObjectedTo } from "./promotion-objections.ts";

/** What is objected to goes into production only by force, and never without a reason. */
export type PromoteOptions =
  | { readonly force?: false; readonly reason?: string | undefined }
  | { readonly force: true; readonly reason: string };

/**
 * Points production of each mirror to what it has in staging: all of them, or none. Everything that can be wrong is
 * looked for before the first link moves.
 */
export function promoteSnapshots(
  contexts: readonly MirrorContext[],
  { reason, force = false }: PromoteOptions,
): readonly Snapshot[] {
  using locks = new DisposableStack();
  for (const context of contexts) locks.use(context.lockSnapshots("snapshot promote"));
  const moves = contexts.map(preparePromotion);
  if (!force) refuseObjectedTo(moves);
  for (const { context, snapshot } of moves) carryProduction(context, snapshot);
  moveProduction(moves, { action: "promote", reason });
  return moves.map(({ snapshot }) => snapshot);
}

function preparePromotion(context: MirrorContext): Move {
  const snapshot = requireStaged(context);
  context.links.assertPointable("production");
  settleCutOffMove(context); // before the history is asked what was rolled back
  return planMove(context, snapshot, findObjections(context, snapshot));
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
