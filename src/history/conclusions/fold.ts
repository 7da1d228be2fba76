/** Lines of the history as people read them. Pure. */
import type { HistoryEntry } from "../entry.ts";

export interface HistoryLine {
  /** The newest of the folded entries. */
  readonly entry: HistoryEntry;
  readonly count: number;
  /** The time of the oldest of them. */
  readonly since: Date;
}

/**
 * Folds consecutive entries of a mirror that changed nothing into one line, if person and action are the same. A quiet
 * night of hourly syncs becomes one line for each mirror. Newest first, as the entries are.
 */
export function foldUnchanged(entries: readonly HistoryEntry[]): readonly HistoryLine[] {
  const lines: HistoryLine[] = [];
  const newestOfMirror = new Map<string, number>();
  for (const entry of entries) {
    const at = newestOfMirror.get(entry.mirror);
    const line = at === undefined ? undefined : lines[at];
    if (at !== undefined && line !== undefined && belongs(entry, line.entry)) {
      lines[at] = { ...line, count: line.count + 1, since: entry.at };
    } else {
      newestOfMirror.set(entry.mirror, lines.length);
      lines.push({ entry, count: 1, since: entry.at });
    }
  }
  return lines;
}

const belongs = (a: HistoryEntry, b: HistoryEntry): boolean =>
  a.result === "unchanged" &&
  b.result === "unchanged" &&
  a.action === b.action &&
  a.who === b.who &&
  a.reason === b.reason &&
  a.detail === b.detail &&
  JSON.stringify(findingsOf(a)) === JSON.stringify(findingsOf(b));

/** A sync that found nothing new only says how long it took. */
const findingsOf = ({ details }: HistoryEntry): HistoryEntry["details"] =>
  details?.kind === "synced" ? undefined : details;
