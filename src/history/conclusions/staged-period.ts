/** How long staging has shown the same contents, from the lines of the history. Pure. */
import type { HistoryEntry } from "../entry.ts";
import { deletedName } from "./production-line.ts";

export interface StagedPeriod {
  readonly since: Date;
  /** Undefined if staging still shows them. */
  readonly until: Date | undefined;
}

/**
 * Returns the last time that staging showed these contents without a break, under any name. Undefined if it never did. The
 * contents of a snapshot are those that its `create` line recorded; without any they are its name.
 */
export function lastStagedPeriod(
  entries: readonly HistoryEntry[],
  wanted: { readonly name: string; readonly contents: string | undefined },
): StagedPeriod | undefined {
  const contentsByName = new Map<string, string>();
  const goal = wanted.contents ?? nameKey(wanted.name);
  let staged: string | undefined;
  let period: StagedPeriod | undefined;
  for (const entry of entries.toReversed()) {
    follow(contentsByName, entry);
    staged = stagedAfter(staged, entry);
    const shows = staged !== undefined && (contentsByName.get(staged) ?? nameKey(staged)) === goal;
    const isOpen = period !== undefined && period.until === undefined;
    if (shows && !isOpen) period = { since: entry.at, until: undefined };
    else if (!shows && isOpen && period !== undefined) period = { ...period, until: entry.at };
  }
  return period;
}

const nameKey = (name: string): string => `name:${name}`;

function follow(contentsByName: Map<string, string>, entry: HistoryEntry): void {
  const gone = deletedName(entry);
  if (gone !== undefined) contentsByName.delete(gone);
  if (entry.action !== "create" || entry.result !== "done" || entry.to === undefined) return;
  const contents = entry.details?.kind === "created" ? entry.details.contents : undefined;
  if (contents === undefined) contentsByName.delete(entry.to);
  else contentsByName.set(entry.to, contents);
}

function stagedAfter(staged: string | undefined, entry: HistoryEntry): string | undefined {
  const { action, result, to, from, details } = entry;
  if (result !== "done") return staged;
  if (action === "stage") return to;
  const isUnlinked = action === "unlink" && details?.kind === "unlinked" && details.link === "staging";
  if (isUnlinked) return undefined;
  return action === "delete" && from === staged ? undefined : staged;
}
