import { type Deletion, type HistoryEntry, productionBefore } from "../history/index.ts";
import type { Snapshot } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";

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

/** The snapshots that stay for a rollback: as many of the nearest ones that still exist as are configured. */
export function keptForRollback(
  context: MirrorContext,
  entries: readonly HistoryEntry[],
): ReadonlySet<string> {
  const { keepRollbacks } = context.mirror.snapshot.prune;
  if (keepRollbacks === 0) return new Set();
  const existing = predecessorsOf(context, entries).filter(({ snapshot }) => snapshot !== undefined);
  return new Set([...new Set(existing.map(({ name }) => name))].slice(0, keepRollbacks));
}
