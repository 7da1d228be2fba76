/** A history that cannot be used. */
import type { NewerHistory } from "../../history/index.ts";

export type HistoryEvent =
  | { readonly type: "history-unreadable"; readonly reason: string }
  /** What was done is not on record. */
  | { readonly type: "history-unwritten"; readonly error: unknown };

export type HistoryRunEvent = { readonly type: "history-newer" } & NewerHistory;
