/** When a snapshot was staged: pure, over the lines of the history. */
import type { HistoryEntry } from "./entry.ts";
import { deletedName } from "./production-line.ts";

export interface Staged {
  readonly at: Date;
  readonly by: string;
}

/** The last time that staging was pointed to the snapshot; undefined for one that was never staged. */
export function lastStaged(entries: readonly HistoryEntry[], name: string): Staged | undefined {
  for (const entry of entries) {
    if (deletedName(entry) === name) return undefined; // what had the name before is another snapshot
    if (entry.action === "stage" && entry.result === "done" && entry.to === name)
      return { at: entry.at, by: entry.who };
  }
  return undefined;
}
