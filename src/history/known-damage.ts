/** Which trees are known to be damaged: pure, over the lines of the history. */
import type { CheckedDetails } from "./details.ts";
import type { HistoryEntry } from "./entry.ts";

/** What is known of a tree that was found damaged and has not been repaired since. */
export interface KnownDamage {
  /** When it was last found, and by whom. */
  readonly at: Date;
  readonly who: string;
  /** Found by reading every file: a check that only compares sizes cannot tell whether it is gone. */
  readonly deep: boolean;
  /** How many files are damaged; undefined where the history does not say. */
  readonly files: number | undefined;
  /** As far as the history lists them. */
  readonly paths: readonly string[];
  /** Why nothing vouches for the tree, where that is so. */
  readonly faults: readonly string[];
}

/**
 * Known damage of each tree, by name. A check of a tree replaces what earlier checks found that looked no closer, unless
 * damaged metadata kept it from looking at every file. A snapshot that is deleted takes its damage along: the next one of that name is another. So does the working mirror when
 * a sync makes a new tree.
 */
export function knownDamage(
  entries: readonly HistoryEntry[],
  workingMirror: string,
): ReadonlyMap<string, KnownDamage> {
  const findings = new Map<string, readonly Finding[]>();
  for (const entry of entries.toReversed()) {
    const ended = treeEndedBy(entry, workingMirror);
    if (ended !== undefined) findings.delete(ended);
    if (entry.action !== "verify" || entry.to === undefined) continue;
    const left = learn(findings.get(entry.to) ?? [], entry);
    if (left.length === 0) findings.delete(entry.to);
    else findings.set(entry.to, left);
  }
  return new Map([...findings].map(([name, found]) => [name, summarize(found)]));
}

/** The name whose tree, with this line, is no longer the one that earlier lines speak of. */
function treeEndedBy({ action, result, from, to }: HistoryEntry, workingMirror: string): string | undefined {
  if (result !== "done") return undefined;
  if (action === "delete") return from;
  if (action === "create") return to;
  return action === "sync" ? workingMirror : undefined;
}

/** What one check found and is still damaged. */
interface Finding {
  readonly entry: HistoryEntry;
  readonly deep: boolean;
  readonly paths: ReadonlySet<string>;
  /** Beyond those with a path; undefined where the history does not say how many. */
  readonly others: number | undefined;
  readonly faults: readonly string[];
}

function learn(known: readonly Finding[], entry: HistoryEntry): readonly Finding[] {
  const { details } = entry;
  switch (details?.kind) {
    case undefined:
    case "created":
    case "unlinked":
      // Nobody knows how close it looked: as close as possible where it found damage, else not at all.
      if (entry.result !== "failed") return known;
      return [{ entry, deep: true, paths: new Set(), others: undefined, faults: [] }];
    case "checked": {
      const unseen = known.filter(({ deep }) => details.partial || (deep && !details.deep));
      return [...without(unseen, details.repairedPaths), ...findingOf(entry, details)];
    }
    case "damage-shared": {
      const paths = details.damagedPaths.filter((path) => !known.some((finding) => finding.paths.has(path)));
      if (paths.length === 0) return known;
      return [...known, { entry, deep: details.deep, paths: new Set(paths), others: 0, faults: [] }];
    }
    case "repair-shared":
      return without(known, details.repairedPaths);
  }
}

function findingOf(
  entry: HistoryEntry,
  { deep, damaged, damagedPaths, faults }: CheckedDetails,
): readonly Finding[] {
  if (damaged === 0) return [];
  const paths = new Set(damagedPaths);
  return [{ entry, deep, paths, others: Math.max(0, damaged - paths.size), faults }];
}

function without(findings: readonly Finding[], repaired: readonly string[]): readonly Finding[] {
  return findings
    .map((finding) => ({ ...finding, paths: finding.paths.difference(new Set(repaired)) }))
    .filter(({ paths, others }) => paths.size > 0 || others !== 0);
}

function summarize(findings: readonly Finding[]): KnownDamage {
  const paths = [...new Set(findings.flatMap((finding) => [...finding.paths]))];
  const newest = findings.reduce((a, b) => (b.entry.at >= a.entry.at ? b : a));
  const isCounted = findings.every(({ others }) => others !== undefined);
  return {
    at: newest.entry.at,
    who: newest.entry.who,
    deep: findings.some(({ deep }) => deep),
    files: isCounted
      ? findings.reduce((count, { others }) => count + (others ?? 0), paths.length)
      : undefined,
    paths,
    faults: findings.flatMap(({ faults }) => faults),
  };
}
