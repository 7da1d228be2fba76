/** How far a cut-off rollback of several mirrors came, from the lines of their histories. Pure. */
import type { HistoryEntry } from "../entry.ts";
import { lastMove } from "./production-line.ts";

/**
 * Returns, for each mirror, the snapshot that its rollback reached, if the same rollback did not reach its goal in another
 * mirror. Undefined for all other mirrors. The lines of one rollback have the same time and author.
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
