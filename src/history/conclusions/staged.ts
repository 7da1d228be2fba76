/** When a snapshot was staged, from the lines of the history. Pure. */
import type { HistoryEntry } from "../entry.ts";
import { deletedName } from "./production-line.ts";

export interface Staged {
  readonly at: Date;
  readonly by: string;
}

/** Returns when staging was last pointed to the snapshot; undefined if it was never staged. */
export function lastStaged(entries: readonly HistoryEntry[], name: string): Staged | undefined {
  for (const entry of entries) {
    if (deletedName(entry) === name) return undefined; // an earlier snapshot of that name is another one
    if (entry.action === "stage" && entry.result === "done" && entry.to === name)
      return { at: entry.at, by: entry.who };
  }
  return undefined;
}
