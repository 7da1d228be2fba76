/** What promotions would change and did change, from the lines of the history. Pure. */

import type { ComparedDetails } from "../details.ts";
import type { HistoryEntry } from "../entry.ts";
import { createdContents } from "./created-contents.ts";
import { deletedName } from "./production-line.ts";

/**
 * Returns what a comparison of a snapshot in production with another one found; undefined if nobody compared them, or others
 * with their contents.
 */
export function knownChanges(
  entries: readonly HistoryEntry[],
  from: string,
  to: string,
): ComparedDetails | undefined {
  const { present } = createdContents(entries);
  const ended = new Set<string | undefined>();
  const isSame = (one: string | undefined, other: string): boolean =>
    one !== undefined &&
    !ended.has(one) &&
    (one === other || (present.has(one) && present.get(one) === present.get(other)));
  for (const entry of entries) {
    if (entry.details?.kind === "compared" && isSame(entry.from, from) && isSame(entry.to, to))
      return entry.details;
    ended.add(deletedName(entry) ?? createdName(entry)); // an earlier snapshot of that name is another one
  }
  return undefined;
}

/**
 * Returns the lines that say when the fix of a CVE reached staging and production, and when it left production: the moves to
 * a snapshot of which a comparison names it, and back. In the order of the entries.
 */
export function linesOfFix(entries: readonly HistoryEntry[], cve: string): readonly HistoryEntry[] {
  const named = new Set<string>();
  const lines = withLives(entries);
  for (const { entry, from, to } of lines)
    if (entry.details?.kind === "compared" && entry.details.cves.includes(cve)) {
      named.add(`${from} -> ${to}`);
      named.add(to);
    }
  return lines
    .filter(({ entry: { action, result }, from, to }) => {
      if (result !== "done" && result !== "begun") return false;
      if (action === "stage") return named.has(to);
      return (
        movesOfProduction.has(action) && (named.has(`${from} -> ${to}`) || named.has(`${to} -> ${from}`))
      );
    })
    .map(({ entry }) => entry)
    .toReversed();
}

const movesOfProduction: ReadonlySet<string> = new Set(["promote", "publish", "rollback"]);

interface Line {
  readonly entry: HistoryEntry;
  readonly from: string;
  readonly to: string;
}

/** Names the snapshots of each line so that a snapshot and another one that got its name later differ. Oldest first. */
function withLives(entries: readonly HistoryEntry[]): readonly Line[] {
  const lives = new Map<string, number>();
  const idOf = (mirror: string, name: string | undefined): string =>
    [mirror, name ?? "", lives.get(`${mirror}/${name}`) ?? 0].join("/");
  return entries.toReversed().map((entry) => {
    const { mirror, from, to } = entry;
    const ended = deletedName(entry) ?? createdName(entry);
    if (ended !== undefined) lives.set(`${mirror}/${ended}`, (lives.get(`${mirror}/${ended}`) ?? 0) + 1);
    return { entry, from: idOf(mirror, from), to: idOf(mirror, to) };
  });
}

const createdName = ({ action, result, to }: HistoryEntry): string | undefined =>
  action === "create" && result === "done" ? to : undefined;
