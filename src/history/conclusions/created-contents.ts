/** The contents of snapshots, including deleted ones, from the lines of the history. Pure. */
import type { HistoryEntry } from "../entry.ts";
import { deletedName } from "./production-line.ts";

export interface CreatedContents {
  /** Of the snapshot that has the name now. */
  readonly present: ReadonlyMap<string, string>;
  /** By the line that says that the snapshot was deleted. */
  readonly deleted: ReadonlyMap<HistoryEntry, string>;
}

/** Returns the contents that the `create` lines recorded. */
export function createdContents(entries: readonly HistoryEntry[]): CreatedContents {
  const present = new Map<string, string>();
  const deleted = new Map<HistoryEntry, string>();
  for (const entry of entries.toReversed()) {
    const gone = deletedName(entry);
    const contentsGone = gone === undefined ? undefined : present.get(gone);
    if (contentsGone !== undefined) deleted.set(entry, contentsGone);
    if (gone !== undefined) present.delete(gone);
    if (entry.action !== "create" || entry.result !== "done" || entry.to === undefined) continue;
    const contents = entry.details?.kind === "created" ? entry.details.contents : undefined;
    if (contents === undefined) present.delete(entry.to);
    else present.set(entry.to, contents);
  }
  return { present, deleted };
}
