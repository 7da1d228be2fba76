import { leftProductionAt } from "../../history/index.ts";
import {
  applyRetention,
  type KeepClaim,
  type RetentionCandidate,
  type RetentionDecision,
} from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { keptForRollback, type RollbackUse } from "../production/index.ts";
import { type DeletePorts, deleteUnlocked, endRemovals, freeSpace } from "./delete-snapshots.ts";
import { namesOf } from "./snapshot-uses.ts";

export interface PruneOptions {
  /** Unset: as configured. */
  readonly keepLast?: number | undefined;
  readonly keepWithinMs?: number | undefined;
  readonly dryRun: boolean;
  /** The snapshot that a sync has just made or kept: it stays, whatever the rules say. */
  readonly keep?: string | undefined;
}

type PrunePorts = DeletePorts & Ports<"lockSnapshots" | "sweep">;

/** The result for one mirror: a failure does not stop the next mirror. */
export type PruneOutcome =
  | { readonly kind: "pruned"; readonly mirror: string; readonly decisions: readonly RetentionDecision[] }
  | { readonly kind: "failed"; readonly mirror: string; readonly error: unknown };

/** Prunes several mirrors, one after the other. An interruption is the last outcome. */
export async function pruneEach(
  mirrors: readonly PrunePorts[],
  options: PruneOptions,
): Promise<readonly PruneOutcome[]> {
  const outcomes: PruneOutcome[] = [];
  for (const ports of mirrors) {
    const mirror = ports.mirror.id;
    try {
      outcomes.push({ kind: "pruned", mirror, decisions: await pruneSnapshots(ports, options) });
    } catch (error) {
      outcomes.push({ kind: "failed", mirror, error });
      if (ports.signal.aborted) break;
    }
  }
  return outcomes;
}

/** Deletes the snapshots that no rule keeps, and returns why each of the others is kept. */
export async function pruneSnapshots(
  ports: PrunePorts,
  options: PruneOptions,
): Promise<readonly RetentionDecision[]> {
  ports.signal.throwIfAborted();
  if (options.dryRun) return await decideRetention(ports, options);
  using _lock = await ports.lockSnapshots("snapshot prune");
  const decisions = await pruneUnlocked(ports, options);
  await freeSpace(ports);
  return decisions;
}

/** For a caller that holds the lock of snapshots, and frees the space. `take` may move the tree of a snapshot away. */
export async function pruneUnlocked(
  ports: DeletePorts,
  options: PruneOptions,
  take?: (tree: string) => boolean,
): Promise<readonly RetentionDecision[]> {
  const { catalog, publisher, signal, now } = ports;
  await endRemovals(ports); // before the history is asked what left production
  const decisions = await decideRetention(ports, options);
  const going = decisions.filter((decision) => !decision.keep);
  await publisher.dropExpired(now(), signal);
  for (const { candidate } of going) {
    signal.throwIfAborted();
    const snapshot = await catalog.require(candidate.name);
    await deleteUnlocked(ports, snapshot, { reason: "pruned: no rule keeps it" }, { take });
  }
  return decisions;
}

async function decideRetention(
  ports: DeletePorts,
  options: PruneOptions,
): Promise<readonly RetentionDecision[]> {
  const { prune } = ports.mirror.snapshot;
  const rules = {
    keepLast: options.keepLast ?? prune.keepLast,
    keepWithinMs: options.keepWithinMs ?? prune.keepWithinMs,
  };
  return applyRetention(await candidatesOf(ports, options.keep), rules, ports.now());
}

async function candidatesOf(
  { mirror, catalog, publisher, history, now }: DeletePorts,
  ofSync: string | undefined,
): Promise<readonly RetentionCandidate[]> {
  const entries = await history.list({ mirror: mirror.id });
  const left = leftProductionAt(entries);
  const forRollback = await keptForRollback({ mirror, catalog, publisher }, entries);
  const graceStart = now().getTime() - mirror.publish.graceMs;
  const pins = catalog.pins();
  const candidates: RetentionCandidate[] = [];
  for (const { name, createdAt, recorded } of await catalog.list()) {
    const { own, others } = await namesOf({ mirror, publisher }, name);
    const claims: KeepClaim[] = [];
    if (own.includes("production")) claims.push({ kind: "production" });
    if (own.includes("staging")) claims.push({ kind: "staging" });
    claims.push(...others.map((link) => ({ kind: "linked" as const, link })));
    const pin = pins.get(name);
    if (pin !== undefined) claims.push({ kind: "pinned", note: pin.note });
    const leftAt = left.get(name);
    if (leftAt !== undefined && leftAt.getTime() > graceStart)
      claims.push({ kind: "grace", leftProductionAt: leftAt });
    const use = forRollback.get(name);
    if (use !== undefined) claims.push(rollbackClaims[use]);
    if (name === ofSync) claims.push({ kind: "last-sync" });
    if (!recorded) claims.push({ kind: "not-known" });
    candidates.push({ name, createdAt, claims });
  }
  return candidates;
}

const rollbackClaims: Readonly<Record<RollbackUse, KeepClaim>> = {
  predecessor: { kind: "rollback" },
  substitute: { kind: "history-lost" },
};
