import { compareVersions } from "../repository/index.ts";
import type { Changelog, ChangelogEntry } from "./changelog.ts";
import { findReferences, type References } from "./references.ts";
import { highestUrgency } from "./urgency.ts";

/** What a changelog says about the versions after an old one. */
export interface NewerEntries extends References {
  readonly entries: readonly ChangelogEntry[];
  /** The highest one, in lower case. */
  readonly urgency: string | undefined;
  /** True if the changelog ends before the old version, because its older entries were removed. */
  readonly isCut: boolean;
}

/**
 * Returns the entries that are newer than `version`, up to the first that is not. Without a version, the newest one: all
 * of a new package is news.
 */
export function newerEntries({ entries, isCut }: Changelog, version: string | undefined): NewerEntries {
  const end =
    version === undefined ? 1 : entries.findIndex((entry) => compareVersions(entry.version, version) <= 0);
  const newer = end === -1 ? entries : entries.slice(0, end);
  return {
    entries: newer,
    urgency: highestUrgency(newer.map((entry) => entry.urgency)),
    isCut: end === -1 && isCut,
    ...findReferences(newer.map(({ body }) => body)),
  };
}
