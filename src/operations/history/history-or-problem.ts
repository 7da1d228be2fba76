import type { HistoryEntry } from "../../history/index.ts";
import { messageOf } from "../../report/errors.ts";
import type { Ports } from "../context.ts";

/** The lines of a mirror, newest first, or why they cannot be read. */
export type HistoryOrProblem = { readonly entries: readonly HistoryEntry[] } | { readonly problem: string };

/** Reads the history for a verb that works without it too. */
export function historyOrProblem({ history, mirror }: Ports<"history" | "mirror">): HistoryOrProblem {
  try {
    return { entries: history.list({ mirror: mirror.id }) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
