import type { LinkTarget } from "../publish/index.ts";
import { type Snapshot, SnapshotError } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";
import { nameInProduction, pointProduction } from "./publish-snapshot.ts";

export interface PromoteOptions {
  readonly reason?: string | undefined;
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
  for (const context of contexts) locks.use(context.lock("snapshot promote"));
  const staged = contexts.map((context) => ({
    context,
    snapshot: requireStaged(context),
    before: context.links.read("production"),
  }));
  const moved: typeof staged = [];
  try {
    for (const promotion of staged) {
      promotion.context.emit({ type: "promotion-started" });
      moved.push(promotion);
      pointProduction(promotion.context, promotion.snapshot, { action: "promote", reason: options.reason });
    }
  } catch (error) {
    for (const { context, before } of moved.toReversed()) moveBack(context, before);
    throw error;
  }
  return staged.map(({ snapshot }) => snapshot);
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

function moveBack(context: MirrorContext, before: LinkTarget): void {
  const present = nameInProduction(context);
  const nameBefore = before.kind === "snapshot" ? before.name : undefined;
  if (present === nameBefore) return;
  if (before.kind === "snapshot") context.links.pointToSnapshot("production", before.name);
  else if (before.kind === "working-mirror") context.links.pointToWorkingMirror("production");
  else context.links.remove("production");
  context.emit({
    type: "warning",
    message: `Production of ${context.mirror.id} was put back: the promotion failed`,
  });
  context.record({
    action: "rollback",
    result: "done",
    from: present,
    to: nameBefore,
    detail: "promotion failed",
  });
}
