import type { HistoryEntry } from "../../history/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { findTakenOut } from "./taken-out.ts";

/**
 * Where production could go back to without a predecessor: the snapshots that are older than `present`, newest first,
 * without those that were rolled back.
 */
export function findSubstitutes(
  context: MirrorContext,
  present: string,
  entries: readonly HistoryEntry[],
): readonly Snapshot[] {
  const takenOut = findTakenOut(context, entries);
  const made = entries.find(({ action, to }) => action === "create" && to === present);
  const madeAt = context.catalog.find(present)?.createdAt ?? made?.at; // it may have been removed by hand
  return context.catalog
    .list()
    .filter(
      (snapshot) =>
        snapshot.name !== present &&
        (madeAt === undefined || snapshot.createdAt < madeAt) &&
        takenOut(snapshot)?.how !== "rolled-back",
    );
}
