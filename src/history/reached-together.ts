/** How far a rollback of several mirrors came that was cut off: pure, over the lines of their histories. */
import type { HistoryEntry } from "./entry.ts";
import { lastMove } from "./production-line.ts";

/**
 * For each mirror, the snapshot that such a rollback had reached if the line of that mirror has its end already, written
 * by that run or by another since, while a mirror of the same rollback was left behind. Undefined for all others. The
 * lines of one rollback have the same time and author.
 */
export function reachedTogether(
  histories: readonly (readonly HistoryEntry[])[],
): readonly (string | undefined)[] {
  const lines = histories.map(lastMove).map((line) => (line?.action === "rollback" ? line : undefined));
  const unfinished = new Set(
    lines.flatMap((line) => (line === undefined || line.result === "done" ? [] : [keyOf(line)])),
  );
  return lines.map((line) => (line?.result === "done" && unfinished.has(keyOf(line)) ? line.to : undefined));
}

const keyOf = ({ at, who }: HistoryEntry): string => `${at.getTime()} ${who}`;
