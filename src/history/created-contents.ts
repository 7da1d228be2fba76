/** What snapshots contained, also those that are gone: pure, over the lines of the history. */
import type { HistoryEntry } from "./entry.ts";
import { deletedName } from "./production-line.ts";

/** The `detail` of a line that says that a snapshot was made: a sentence for people, then its contents. */
export function formatCreateDetail(text: string, contents: string | undefined): string {
  return contents === undefined ? text : `${text}\n${contentsMark}${contents}`;
}

const contentsMark = "contents ";

export interface CreatedContents {
  /** Of the snapshot that has the name now. */
  readonly present: ReadonlyMap<string, string>;
  /** By the line that says that the snapshot was deleted. */
  readonly deleted: ReadonlyMap<HistoryEntry, string>;
}

/** Contents as the lines say that made the snapshots; without those that an earlier version wrote. */
export function createdContents(entries: readonly HistoryEntry[]): CreatedContents {
  const present = new Map<string, string>();
  const deleted = new Map<HistoryEntry, string>();
  for (const entry of entries.toReversed()) {
    const gone = deletedName(entry);
    const contentsGone = gone === undefined ? undefined : present.get(gone);
    if (contentsGone !== undefined) deleted.set(entry, contentsGone);
    if (gone !== undefined) present.delete(gone);
    if (entry.action !== "create" || entry.result !== "done" || entry.to === undefined) continue;
    const contents = contentsIn(entry.detail ?? "");
    if (contents === undefined) present.delete(entry.to);
    else present.set(entry.to, contents);
  }
  return { present, deleted };
}

const contentsIn = (detail: string): string | undefined =>
  detail
    .split("\n")
    .find((line) => line.startsWith(contentsMark))
    ?.slice(contentsMark.length);
