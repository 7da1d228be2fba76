import { isDeepStrictEqual } from "node:util";
import type { HistoryEntry } from "../history/index.ts";
import type { LinkTarget } from "../publish/index.ts";
import { messageOf } from "../report/errors.ts";
import { type Snapshot, SnapshotError } from "../snapshot/index.ts";
import { carryProduction } from "./carry.ts";
import type { MirrorContext } from "./context.ts";
import { moveProduction } from "./publish-snapshot.ts";

export interface PromoteOptions {
  readonly reason?: string | undefined;
}

interface Promotion {
  readonly context: MirrorContext;
  readonly snapshot: Snapshot;
  /** Where production led. */
  readonly before: LinkTarget;
}

/**
 * Points production of each mirror to what it has in staging: all of them, or none. Everything that can be wrong is
 * looked for before the first link moves; should a move fail all the same, those before it are moved back.
 */
export function promoteSnapshots(
  contexts: readonly MirrorContext[],
  options: PromoteOptions,
): readonly Snapshot[] {
  using locks = new DisposableStack();
  for (const context of contexts) locks.use(context.lockSnapshots("snapshot promote"));
  const promotions = contexts.map(preparePromotion);
  for (const { context, snapshot } of promotions) carryProduction(context, snapshot);
  try {
    for (const { context, snapshot } of promotions) {
      context.emit({ type: "promotion-started" });
      moveProduction(context, snapshot);
    }
  } catch (error) {
    for (const promotion of promotions.toReversed()) undo(promotion, error, options);
    throw error;
  }
  for (const promotion of promotions) record(promotion, { result: "done", reason: options.reason });
  return promotions.map(({ snapshot }) => snapshot);
}

function preparePromotion(context: MirrorContext): Promotion {
  const snapshot = requireStaged(context);
  context.links.assertPointable("production");
  return { context, snapshot, before: context.links.read("production") };
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

/** Where one mirror cannot be put back, the others are all the same. */
function undo(promotion: Promotion, cause: unknown, options: PromoteOptions): void {
  const { context, snapshot } = promotion;
  let detail = messageOf(cause);
  try {
    moveBack(promotion);
  } catch (error) {
    const problem = `production could not be put back and may show ${snapshot.name}: ${messageOf(error)}`;
    context.emit({ type: "warning", message: `${context.mirror.id}: ${problem}` });
    detail += `; ${problem}`;
  }
  record(promotion, { result: "failed", reason: options.reason, detail });
}

function moveBack({ context, before }: Promotion): void {
  const { links, mirror } = context;
  if (isDeepStrictEqual(links.read("production"), before)) return;
  if (before.kind === "snapshot") links.pointToSnapshot("production", before.name);
  else if (before.kind === "working-mirror") links.pointToWorkingMirror("production");
  else links.remove("production");
  const message = `Production of ${mirror.id} was put back: the promotion failed`;
  context.emit({ type: "warning", message });
}

function record(
  { context, snapshot, before }: Promotion,
  how: Pick<HistoryEntry, "result" | "reason" | "detail">,
): void {
  const from = before.kind === "snapshot" ? before.name : undefined;
  context.record({ action: "promote", from, to: snapshot.name, ...how });
}
