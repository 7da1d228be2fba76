import {
  type Deletion,
  type HistoryEntry,
  productionBefore,
  wasPutIntoProduction,
} from "../../history/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { findSubstitutes } from "./substitutes.ts";

/** A snapshot that production was before, as the history tells. */
export interface Predecessor {
  readonly name: string;
  /** Undefined where it is gone. */
  readonly snapshot: Snapshot | undefined;
  /** Undefined where the history does not say who removed it. */
  readonly deletion: Deletion | undefined;
}

/** The snapshot that production shows; undefined where it shows none. */
export function nameInProduction(context: MirrorContext): string | undefined {
  const target = context.links.read("production");
  return target.kind === "snapshot" ? target.name : undefined;
}

/** What production was before, nearest first: where plain rollbacks go, one after the other. */
export function predecessorsOf(
  context: MirrorContext,
  entries: readonly HistoryEntry[],
): readonly Predecessor[] {
  const present = nameInProduction(context);
  return productionBefore(entries, present)
    .filter(({ name, deletion }) => name !== present || deletion !== undefined)
    .map(({ name, deletion }) => ({
      name,
      deletion,
      snapshot: deletion === undefined ? context.catalog.find(name) : undefined,
    }));
}

/** Why a snapshot stays for a rollback. "substitute": the history does not say what production was before. */
export type RollbackUse = "predecessor" | "substitute";

/**
 * The snapshots that stay for a rollback: as many of the nearest predecessors that still exist as are configured. Where
 * the history was lost and knows none, as many of those that a person would go back to.
 */
export function keptForRollback(
  context: MirrorContext,
  entries: readonly HistoryEntry[],
): ReadonlyMap<string, RollbackUse> {
  const { keepRollbacks } = context.mirror.snapshot.prune;
  if (keepRollbacks === 0) return new Map();
  const existing = predecessorsOf(context, entries).filter(({ snapshot }) => snapshot !== undefined);
  const present = nameInProduction(context);
  const isLost = existing.length === 0 && present !== undefined && !wasPutIntoProduction(entries, present);
  const names = (isLost ? findSubstitutes(context, present, entries) : existing).map(({ name }) => name);
  const use = isLost ? "substitute" : "predecessor";
  return new Map([...new Set(names)].slice(0, keepRollbacks).map((name) => [name, use]));
}
