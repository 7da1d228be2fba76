import {
  type Deletion,
  type HistoryEntry,
  productionBefore,
  wasPutIntoProduction,
} from "../../history/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { findTakenOut } from "./taken-out.ts";

/** A snapshot that production showed before, according to the history. */
export interface Predecessor {
  readonly name: string;
  /** Undefined if it no longer exists. */
  readonly snapshot: Snapshot | undefined;
  /** Undefined if the history does not say who removed it. */
  readonly deletion: Deletion | undefined;
}

/** Returns the snapshot that production shows; undefined if it shows none. */
export async function nameInProduction({ publisher }: Ports<"publisher">): Promise<string | undefined> {
  const shown = await publisher.read("production");
  return shown.kind === "snapshot" ? shown.name : undefined;
}

/** Returns what production showed before, nearest first: where plain rollbacks go, one after the other. */
export async function predecessorsOf(
  { publisher, catalog }: Ports<"publisher" | "catalog">,
  entries: readonly HistoryEntry[],
): Promise<readonly Predecessor[]> {
  const present = await nameInProduction({ publisher });
  const predecessors: Predecessor[] = [];
  for (const { name, deletion } of productionBefore(entries, present)) {
    if (name === present && deletion === undefined) continue;
    const snapshot = deletion === undefined ? await catalog.find(name) : undefined;
    predecessors.push({ name, deletion, snapshot });
  }
  return predecessors;
}

/** Why a snapshot is kept for a rollback. "substitute": the history does not say what production showed before. */
export type RollbackUse = "predecessor" | "substitute";

/**
 * Returns the snapshots that are kept for a rollback: the nearest predecessors that still exist, as many as configured. If
 * the history was lost and knows none, as many of those that a person would go back to.
 */
export async function keptForRollback(
  { mirror, ...ports }: Ports<"mirror" | "publisher" | "catalog">,
  entries: readonly HistoryEntry[],
): Promise<ReadonlyMap<string, RollbackUse>> {
  const { keepRollbacks } = mirror.snapshot.prune;
  if (keepRollbacks === 0) return new Map();
  const predecessors = await predecessorsOf(ports, entries);
  const existing = predecessors.filter(({ snapshot }) => snapshot !== undefined);
  const present = await nameInProduction(ports);
  const isLost = existing.length === 0 && present !== undefined && !wasPutIntoProduction(entries, present);
  const names = (isLost ? await findSubstitutes(ports, present, entries) : existing).map(({ name }) => name);
  const use = isLost ? "substitute" : "predecessor";
  return new Map([...new Set(names)].slice(0, keepRollbacks).map((name) => [name, use]));
}

/**
 * Returns where production could go back to without a predecessor: the snapshots that are older than `present` and were
 * not rolled back, newest first.
 */
export async function findSubstitutes(
  { catalog }: Ports<"catalog">,
  present: string,
  entries: readonly HistoryEntry[],
): Promise<readonly Snapshot[]> {
  const takenOut = await findTakenOut({ catalog }, entries);
  const made = entries.find(({ action, to }) => action === "create" && to === present);
  const madeAt = (await catalog.find(present))?.createdAt ?? made?.at; // it may have been removed by hand
  const snapshots = await catalog.list();
  return snapshots.filter(
    (snapshot) =>
      snapshot.name !== present &&
      (madeAt === undefined || snapshot.createdAt < madeAt) &&
      takenOut(snapshot)?.how !== "rolled-back",
  );
}
