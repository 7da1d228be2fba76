import type { HistoryEntry } from "../../history/index.ts";
import { Interrupted, messageOf } from "../../report/errors.ts";
import type { Ports } from "../context.ts";

/** The lines of a mirror, newest first, or why they cannot be read. */
export type HistoryOrProblem = { readonly entries: readonly HistoryEntry[] } | { readonly problem: string };

/** Reads the history for a verb that works without it too. */
export async function historyOrProblem({
  history,
  mirror,
}: Ports<"history" | "mirror">): Promise<HistoryOrProblem> {
  try {
    return { entries: await history.list({ mirror: mirror.id }) };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return { problem: messageOf(error) };
  }
}
