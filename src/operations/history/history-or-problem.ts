import type { HistoryEntry } from "../../history/index.ts";
import { messageOf } from "../../report/errors.ts";
import type { Ports } from "../context.ts";

/** The lines of the mirror, newest first, or why they cannot be read. */
export type HistoryOrProblem = { readonly entries: readonly HistoryEntry[] } | { readonly problem: string };

/** For verbs that work without a history too, and say what they do not know then. */
export function historyOrProblem({ history, mirror }: Ports<"history" | "mirror">): HistoryOrProblem {
  try {
    return { entries: history.list({ mirror: mirror.id }) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
