import { leftProductionAt } from "../history/index.ts";
import { applyRetention, type RetentionCandidate, type RetentionDecision } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";
import { deleteUnlocked, freeSpace } from "./delete-snapshots.ts";

export interface PruneOptions {
  /** Unset: as configured. */
  readonly keepLast?: number | undefined;
  readonly keepWithinMs?: number | undefined;
  readonly dryRun: boolean;
}

/** Deletes the snapshots that no rule keeps, and says of each why it is kept. */
export async function pruneSnapshots(
  context: MirrorContext,
  options: PruneOptions,
): Promise<readonly RetentionDecision[]> {
  if (options.dryRun) return decideRetention(context, options);
  using _lock = context.lock("snapshot prune");
  const decisions = await pruneUnlocked(context, options);
  await freeSpace(context);
  return decisions;
}

/** For a caller that holds the mirror's lock, and frees the space. */
export async function pruneUnlocked(
  context: MirrorContext,
  options: PruneOptions,
): Promise<readonly RetentionDecision[]> {
  const decisions = decideRetention(context, options);
  const going = decisions.filter((decision) => !decision.keep);
  for (const { candidate } of going) await deleteUnlocked(context, context.catalog.require(candidate.name));
  return decisions;
}

function decideRetention(context: MirrorContext, options: PruneOptions): readonly RetentionDecision[] {
  const { prune } = context.mirror.snapshot;
  const rules = {
    keepLast: options.keepLast ?? prune.keepLast,
    keepWithinMs: options.keepWithinMs ?? prune.keepWithinMs,
  };
  return applyRetention(candidatesOf(context), rules, context.now());
}

function candidatesOf(context: MirrorContext): readonly RetentionCandidate[] {
  const staging = context.links.read("staging");
  const production = context.links.read("production");
  const left = leftProductionAt(context.history.list({ mirror: context.mirror.id }));
  const graceStart = context.now().getTime() - context.mirror.publish.graceMs;
  return context.catalog.list().map(({ name, createdAt }) => {
    const claims: string[] = [];
    if (production.kind === "snapshot" && production.name === name) claims.push("in production");
    if (staging.kind === "snapshot" && staging.name === name) claims.push("staged");
    const leftAt = left.get(name);
    if (leftAt !== undefined && leftAt.getTime() > graceStart)
      claims.push("left production within the grace time");
    return { name, createdAt, claims };
  });
}
