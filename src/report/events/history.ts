/** A history that cannot be used. */
import type { NewerHistory } from "../../history/index.ts";

export type HistoryEvent =
  | { readonly type: "history-unreadable"; readonly reason: string }
  /** What was done is not on record. */
  | { readonly type: "history-unwritten"; readonly error: unknown };

/** The file of `[metrics] textfile`. */
export type MetricsRunEvent = {
  readonly type: "metrics-unwritten";
  readonly path: string;
  readonly reason: string;
};

export type HistoryRunEvent = { readonly type: "history-newer" } & NewerHistory;
