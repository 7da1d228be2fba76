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
] as const;
export type HistoryAction = (typeof historyActions)[number];

/** "begun": under way, or cut off by a kill or a power cut before its end was written. */
export type HistoryResult = "begun" | "done" | "unchanged" | "failed";

/** One line of the record: what somebody did to a mirror, when, why, and how it ended. */
export interface HistoryEntry {
  readonly at: Date;
  readonly mirror: string;
  readonly action: HistoryAction;
  readonly who: string;
  readonly result: HistoryResult;
  /** The snapshot that had the public name before, or was replaced. */
  readonly from?: string | undefined;
  /** The snapshot that has the name now, was made, or was removed. */
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
  /** What went wrong, what came, or which public link was taken away. */
  readonly detail?: string | undefined;
}
