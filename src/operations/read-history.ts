import { hasCode } from "../errors.ts";
import type { HistoryEntry } from "../history/index.ts";
import { primaryCodeOf, SQLITE_CANTOPEN, SQLITE_READONLY } from "../platform/sqlite-errors.ts";
import { messageOf } from "../report/errors.ts";
import type { MirrorContext } from "./context.ts";

/** The lines of a mirror, newest first; or why this user cannot read them: the history belongs to its owner. */
export type ReadHistory = readonly HistoryEntry[] | { readonly unreadable: string };

export function readHistory({ history, mirror }: Pick<MirrorContext, "history" | "mirror">): ReadHistory {
  try {
    return history.list({ mirror: mirror.id });
  } catch (error) {
    const code = primaryCodeOf(error);
    if (!hasCode(error, "EACCES", "EPERM") && code !== SQLITE_CANTOPEN && code !== SQLITE_READONLY)
      throw error;
    return { unreadable: messageOf(error) };
  }
}
