/**
 * What maintainers say about their uploads: changelogs, deb-changelog(5), the entries that are newer than a version, and
 * the CVEs, advisories and bugs that they name. Pure: bytes in, values out. Does not know packages, trees or differences.
 */
export type { Changelog, ChangelogEntry } from "./changelog.ts";
export { type NewerEntries, newerEntries } from "./newer-entries.ts";
export { parseChangelog } from "./parse-changelog.ts";
export { cvesIn, cvesOf, type FoundEntries, type SourceChangelog } from "./source-changelog.ts";
export { highestUrgency, urgencyRank } from "./urgency.ts";
