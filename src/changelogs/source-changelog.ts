import type { NewerEntries } from "./newer-entries.ts";

/** What the maintainers of a source say about a new version of it. */
export interface SourceChangelog {
  readonly source: string;
  /** The version that it replaces; undefined if the source is new. */
  readonly before: string | undefined;
  readonly after: string;
  readonly found: FoundEntries;
}

export type FoundEntries =
  | ({ readonly kind: "entries" } & NewerEntries)
  /** No package of the source has a changelog in Debian's format, or there is no package of the source. */
  | { readonly kind: "none" }
  /** The package is damaged or hostile. */
  | { readonly kind: "unreadable"; readonly problem: string };

export const cvesOf = ({ found }: SourceChangelog): readonly string[] =>
  found.kind === "entries" ? found.cves : [];

/** Returns every CVE that the changelogs name, once, by year and number. */
export const cvesIn = (changelogs: readonly SourceChangelog[]): readonly string[] =>
  [...new Set(changelogs.flatMap(cvesOf))].toSorted((a, b) => numberOf(a) - numberOf(b));

/** "CVE-2026-84782": the number after the year has four digits or more. */
function numberOf(cve: string): number {
  const [, year = "", number = ""] = cve.split("-");
  return Number(year) * 1e10 + Number(number);
}
