/** The words of changelogs, for every form in which a difference is printed. */
import { cvesIn, cvesOf, highestUrgency, type SourceChangelog, urgencyRank } from "../../changelogs/index.ts";
import { countOf } from "../units.ts";

type Changelogs = readonly SourceChangelog[];

/** Says how much the changelogs name: "3 CVEs in the changelogs of 2 of 5 sources; the highest urgency is high". */
export function changelogsSummary(changelogs: Changelogs): string {
  if (changelogs.length === 0) return "No source has a new version.";
  const naming = changelogs.filter((one) => cvesOf(one).length > 0).length;
  const of = naming === changelogs.length ? "" : `${naming} of `;
  const cves = cvesIn(changelogs).length;
  const urgency = highestUrgency(changelogs.map(urgencyOf));
  const lacking = changelogs.filter(({ found }) => found.kind === "unreadable").length;
  return [
    cves === 0
      ? `No CVE in the changelogs of ${countOf(changelogs.length, "source")}`
      : `${countOf(cves, "CVE")} in the changelogs of ${of}${countOf(changelogs.length, "source")}`,
    ...(urgency === undefined ? [] : [`the highest urgency is ${urgency}`]),
    ...(lacking === 0 ? [] : [`${countOf(lacking, "changelog")} cannot be read`]),
  ].join("; ");
}

/** Those that name CVEs come first, then by urgency, then by source. */
export const inOrderOfRisk = (changelogs: Changelogs): Changelogs =>
  changelogs.toSorted((a, b) => riskOf(b) - riskOf(a));

const riskOf = (one: SourceChangelog): number =>
  (cvesOf(one).length > 0 ? 100 : 0) + urgencyRank(urgencyOf(one));

const urgencyOf = ({ found }: SourceChangelog): string | undefined =>
  found.kind === "entries" ? found.urgency : undefined;

/** Says what changed and how urgent it is: "openssl 3.0.1-1 -> 3.0.2-1, urgency high". */
export function changelogTitle(one: SourceChangelog): string {
  const { source, before, after } = one;
  const urgency = urgencyOf(one);
  const versions = before === undefined ? `${after} (new)` : `${before} -> ${after}`;
  return `${source} ${versions}${urgency === undefined ? "" : `, urgency ${urgency}`}`;
}

/** What the entries refer to, one line for each kind. */
export function referenceLines({ found }: SourceChangelog): readonly string[] {
  if (found.kind !== "entries") return [];
  const { cves, advisories, debianBugs, launchpadBugs } = found;
  return [
    cves.join(", "),
    advisories.join(", "),
    debianBugs.map((number) => `#${number}`).join(", "),
    launchpadBugs.map((number) => `LP: #${number}`).join(", "),
  ].filter((line) => line !== "");
}

/** The lines of the entries, and what a reader should know of them. */
export function entryLines({ found }: SourceChangelog): readonly string[] {
  switch (found.kind) {
    case "none":
      return ["no changelog in its packages"];
    case "unreadable":
      return [`the changelog cannot be read: ${found.problem}`];
    case "entries":
      return [
        ...found.entries.flatMap(({ version, maintainer = "", date = "", body }) => [
          [version, maintainer, date].filter((part) => part !== "").join("  "),
          ...body.split("\n"),
        ]),
        ...(found.isCut ? ["Older entries were removed from this changelog: some are missing here."] : []),
        ...(found.entries.length === 0 ? ["the changelog has no entry for the new version"] : []),
      ];
  }
}
