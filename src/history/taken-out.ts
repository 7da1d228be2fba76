/** What was taken out of production because it was bad: pure, over the lines of the history. */
import type { HistoryEntry } from "./entry.ts";
import { deletedName, isMove } from "./production-line.ts";

export interface TakenOut {
  /** "replaced": by a publish of an older snapshot, which is how people go back without `rollback`. */
  readonly how: "rolled-back" | "replaced";
  readonly at: Date;
  readonly by: string;
  readonly reason: string | undefined;
  /** What production went back to. */
  readonly to: string;
}

/**
 * The snapshots that were rolled back, or replaced by an older one, and not put back into production since; by name.
 * A snapshot that was deleted is forgotten: what has its name later is another one.
 */
export function takenOutOfProduction(entries: readonly HistoryEntry[]): ReadonlyMap<string, TakenOut> {
  const taken = new Map<string, TakenOut>();
  const ages = new Map<string, number>();
  for (const [index, entry] of entries.toReversed().entries()) {
    if (entry.result === "failed" || entry.result === "begun") continue;
    const deleted = deletedName(entry);
    if (deleted !== undefined) {
      taken.delete(deleted);
      ages.delete(deleted);
      continue;
    }
    if (isMove(entry)) follow(taken, entry, ages);
    for (const name of [entry.from, entry.to])
      if (name !== undefined && !ages.has(name)) ages.set(name, index);
  }
  return taken;
}

function follow(
  taken: Map<string, TakenOut>,
  { action, at, who, reason, from, to }: HistoryEntry & { readonly to: string },
  ages: ReadonlyMap<string, number>,
): void {
  if (from !== undefined) {
    taken.delete(from); // it was in production, however it came back there
    const how = action === "rollback" ? "rolled-back" : "replaced";
    const isOlder = (ages.get(to) ?? Infinity) < (ages.get(from) ?? -Infinity);
    if (action === "rollback" || (action === "publish" && isOlder))
      taken.set(from, { how, at, by: who, reason, to });
  }
  taken.delete(to);
}
