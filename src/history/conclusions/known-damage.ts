/** The trees that are known to be damaged, from the lines of the history. Pure. */
import type { CheckedDetails, SharedDamageDetails } from "../details.ts";
import type { HistoryEntry } from "../entry.ts";

/** The damage of a tree that was found and not repaired since. */
export interface KnownDamage {
  /** Of the last check that found it. */
  readonly at: Date;
  readonly who: string;
  /** Found by reading every file, so that only such a check can clear it. */
  readonly deep: boolean;
  /** How many files are damaged at least; undefined if the history does not say. */
  readonly files: number | undefined;
  /** Those that the history lists. */
  readonly paths: readonly string[];
  /** Why the tree as a whole cannot be trusted. */
  readonly faults: readonly string[];
}

/**
 * Returns the known damage of each tree, by name. A check replaces the findings of earlier checks that were not deeper than
 * it, unless damaged metadata kept it from checking every file. Damage ends with its tree: when a snapshot is deleted, and
 * when a sync makes a new working mirror.
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

/** Returns the name that means another tree, or none, from this line on. */
function treeEndedBy({ action, result, from, to }: HistoryEntry, workingMirror: string): string | undefined {
  if (result !== "done") return undefined;
  if (action === "delete") return from;
  if (action === "create") return to;
  return action === "sync" ? workingMirror : undefined;
}

/** Damage that one check found and that still exists. */
interface Finding {
  readonly entry: HistoryEntry;
  readonly deep: boolean;
  readonly paths: ReadonlySet<string>;
  /** How many more there are than `paths` lists; undefined if the history does not say. */
  readonly others: number | undefined;
  readonly faults: readonly string[];
}

function learn(known: readonly Finding[], entry: HistoryEntry): readonly Finding[] {
  const { details } = entry;
  switch (details?.kind) {
    case undefined:
    case "synced":
    case "exported":
    case "created":
    case "unlinked":
    case "tested":
    case "compared":
    case "approved":
      // The depth is unknown. It counts as deep if damage was found, and as no check otherwise.
      if (entry.result !== "failed") return known;
      return [{ entry, deep: true, paths: new Set(), others: undefined, faults: [] }];
    case "checked": {
      const unseen = known.filter(({ deep }) => details.partial || (deep && !details.deep));
      return [...without(unseen, details.repairedPaths), ...findingOf(entry, details)];
    }
    case "damage-shared": {
      const paths = details.damagedPaths.filter((path) => !known.some((finding) => finding.paths.has(path)));
      const others = unlisted(details);
      if (paths.length === 0 && others === 0) return known;
      return [...known, { entry, deep: details.deep, paths: new Set(paths), others, faults: [] }];
    }
    case "repair-shared":
      return without(known, details.repairedPaths);
  }
}

function findingOf(entry: HistoryEntry, details: CheckedDetails): readonly Finding[] {
  const { deep, damaged, damagedPaths, faults } = details;
  if (damaged === 0) return [];
  return [{ entry, deep, paths: new Set(damagedPaths), others: unlisted(details), faults }];
}

const unlisted = ({ damaged, damagedPaths }: CheckedDetails | SharedDamageDetails): number =>
  Math.max(0, damaged - new Set(damagedPaths).size);

function without(findings: readonly Finding[], repaired: readonly string[]): readonly Finding[] {
  return findings
    .map((finding) => ({ ...finding, paths: finding.paths.difference(new Set(repaired)) }))
    .filter(({ paths, others }) => paths.size > 0 || others !== 0);
}

function summarize(findings: readonly Finding[]): KnownDamage {
  const paths = [...new Set(findings.flatMap((finding) => [...finding.paths]))];
  const newest = findings.reduce((a, b) => (b.entry.at >= a.entry.at ? b : a));
  return {
    at: newest.entry.at,
    who: newest.entry.who,
    deep: findings.some(({ deep }) => deep),
    files: countDamaged(findings, paths.length),
    paths,
    faults: findings.flatMap(({ faults }) => faults),
  };
}

/** Does not add up the files that no line lists: two findings may count the same ones. A fault counts as one file. */
function countDamaged(findings: readonly Finding[], listed: number): number | undefined {
  let files = listed;
  for (const { paths, others, faults } of findings) {
    if (others === undefined) return undefined;
    files = Math.max(files, paths.size + others - faults.length);
  }
  return files + new Set(findings.flatMap(({ faults }) => faults)).size;
}
