import type { HistoryDetails } from "./details.ts";

export const historyActions = [
  "sync",
  "create",
  "stage",
  "publish",
  "promote",
  "rollback",
  "unlink",
  "delete",
  "prune",
  "verify",
  "compare",
  "test",
  "approve",
  "pin",
  "unpin",
  "notify",
  "export",
] as const;
export type HistoryAction = (typeof historyActions)[number];

/** "begun": not ended yet, or a kill or a power cut came before the end was written. */
export type HistoryResult = "begun" | "done" | "unchanged" | "failed";

/** One line of the history: what somebody did to a mirror, when, why, and how it ended. */
export interface HistoryEntry {
  readonly at: Date;
  readonly mirror: string;
  /** A HistoryAction, or the name of an action that only a newer mirrorctl knows. Functions of this one pass over it. */
  readonly action: string;
  readonly who: string;
  readonly result: HistoryResult;
  /** The snapshot that had the public name before, or was removed. */
  readonly from?: string | undefined;
  /** The snapshot that has the name now, was made, or was checked. */
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
  /** A text for people: what went wrong, or what was downloaded. No code decides by it. */
  readonly detail?: string | undefined;
  /** Facts that code decides by. */
  readonly details?: HistoryDetails | undefined;
}
