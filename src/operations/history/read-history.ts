import { hasCode, MirrorctlError } from "../../errors.ts";
import type { HistoryEntry } from "../../history/index.ts";
import { messageOf } from "../../report/errors.ts";
import type { MirrorContext } from "../context.ts";

/** The lines of a mirror, newest first, or why this user cannot read them. Only the owner of `dir` can. */
export type ReadHistory = readonly HistoryEntry[] | { readonly unreadable: string };

export async function readHistory({
  history,
  mirror,
}: Pick<MirrorContext, "history" | "mirror">): Promise<ReadHistory> {
  try {
    return await history.list({ mirror: mirror.id });
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM", "HISTORY_CLOSED")) throw error;
    const hint = error instanceof MirrorctlError ? error.hint : undefined;
    return { unreadable: [messageOf(error), hint].filter((text) => text !== undefined).join(". ") };
  }
}
