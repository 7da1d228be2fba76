import { leftProductionAt } from "../../history/index.ts";
import { Interrupted } from "../../report/errors.ts";
import { applyRetention, type RetentionCandidate, type RetentionDecision } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { dropCarried, keptForRollback, type RollbackUse } from "../production/index.ts";
import { deleteUnlocked, endRemovals, freeSpace } from "./delete-snapshots.ts";
import { linksTo } from "./snapshot-uses.ts";

export interface PruneOptions {
  /** Unset: as configured. */
  readonly keepLast?: number | undefined;
  readonly keepWithinMs?: number | undefined;
  readonly dryRun: boolean;
  /** The snapshot that a sync has just made or kept: it stays, whatever the rules say. */
  readonly keep?: string | undefined;
}

/** What became of one mirror: each is pruned by itself, so that a failure does not keep the next from it. */
export type PruneOutcome =
  | { readonly kind: "pruned"; readonly mirror: string; readonly decisions: readonly RetentionDecision[] }
  | { readonly kind: "failed"; readonly mirror: string; readonly error: unknown };

/** Prunes several mirrors, one after the other. An interruption is the last outcome. */
export async function pruneEach(
  contexts: readonly MirrorContext[],
  options: PruneOptions,
): Promise<readonly PruneOutcome[]> {
  const outcomes: PruneOutcome[] = [];
  for (const context of contexts) {
    const mirror = context.mirror.id;
    try {
      outcomes.push({ kind: "pruned", mirror, decisions: await pruneSnapshots(context, options) });
    } catch (error) {
      outcomes.push({ kind: "failed", mirror, error });
      if (error instanceof Interrupted) break;
    }
  }
  return outcomes;
}

/** Deletes the snapshots that no rule keeps, and returns why each of the others is kept. */
export async function pruneSnapshots(
  context: MirrorContext,
  options: PruneOptions,
): Promise<readonly RetentionDecision[]> {
  if (options.dryRun) return decideRetention(context, options);
  using _lock = await context.lockSnapshots("snapshot prune");
  const decisions = await pruneUnlocked(context, options);
  await freeSpace(context);
  return decisions;
}

/** For a caller that holds the lock of snapshots, and frees the space. */
export async function pruneUnlocked(
  context: MirrorContext,
  options: PruneOptions,
): Promise<readonly RetentionDecision[]> {
  await endRemovals(context); // before the history is asked what left production
  const decisions = decideRetention(context, options);
  const going = decisions.filter((decision) => !decision.keep);
  dropCarried(context);
  for (const { candidate } of going) {
    context.signal.throwIfAborted();
    const snapshot = context.catalog.require(candidate.name);
    await deleteUnlocked(context, snapshot, { reason: "pruned: no rule keeps it" });
  }
  return decisions;
}

function decideRetention(context: MirrorContext, options: PruneOptions): readonly RetentionDecision[] {
  const { prune } = context.mirror.snapshot;
  const rules = {
    keepLast: options.keepLast ?? prune.keepLast,
    keepWithinMs: options.keepWithinMs ?? prune.keepWithinMs,
  };
  return applyRetention(candidatesOf(context, options.keep), rules, context.now());
}

function candidatesOf(context: MirrorContext, ofSync: string | undefined): readonly RetentionCandidate[] {
  const entries = context.history.list({ mirror: context.mirror.id });
  const left = leftProductionAt(entries);
  const forRollback = keptForRollback(context, entries);
  const graceStart = context.now().getTime() - context.mirror.publish.graceMs;
  return context.catalog.list().map(({ name, createdAt, recorded }) => {
    const { leading, others } = linksTo(context, name);
    const claims: string[] = [];
    if (leading.includes("production")) claims.push("in production");
    if (leading.includes("staging")) claims.push("staged");
    claims.push(...others.map((link) => `linked as ${link}`));
    const leftAt = left.get(name);
    if (leftAt !== undefined && leftAt.getTime() > graceStart)
      claims.push("left production within the grace time");
    const use = forRollback.get(name);
    if (use !== undefined) claims.push(rollbackClaims[use]);
    if (name === ofSync) claims.push("of the last sync");
    if (!recorded) claims.push("not known to be mirrorctl's: its .meta file is missing or damaged");
    return { name, createdAt, claims };
  });
}

const rollbackClaims: Readonly<Record<RollbackUse, string>> = {
  predecessor: "a rollback would go back to it",
  substitute: "a rollback may need it: the history does not say what production was before",
};
