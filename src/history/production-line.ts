/** What production was before: pure, over the lines of the history. */
import type { HistoryEntry } from "./entry.ts";

/**
 * The snapshots that were in production before the present one, nearest first, as a stack of decisions: publishing and
 * promoting put one on top, rolling back takes off what lay above its goal. Rolling back twice therefore goes two steps
 * back, not back and forth.
 */
export function productionBefore(entries: readonly HistoryEntry[]): readonly string[] {
  const stack: string[] = [];
  for (const entry of oldestFirst(entries)) {
    if (entry.to === undefined || entry.result !== "done") continue;
    if (entry.action === "rollback") {
      const goal = stack.lastIndexOf(entry.to);
      if (goal !== -1) stack.length = goal + 1;
      else stack.push(entry.to);
    } else if ((entry.action === "promote" || entry.action === "publish") && stack.at(-1) !== entry.to) {
      stack.push(entry.to);
    }
  }
  return stack.slice(0, -1).toReversed();
}

/** When each snapshot last ceased to be production, by name. */
export function leftProductionAt(entries: readonly HistoryEntry[]): ReadonlyMap<string, Date> {
  const left = new Map<string, Date>();
  for (const entry of oldestFirst(entries)) {
    const moved = entry.action === "promote" || entry.action === "publish" || entry.action === "rollback";
    if (moved && entry.result === "done" && entry.from !== undefined && entry.from !== entry.to) {
      left.set(entry.from, entry.at);
    }
  }
  return left;
}

const oldestFirst = (entries: readonly HistoryEntry[]): readonly HistoryEntry[] => entries.toReversed();
