/** What a promotion changes, in words. */
import type { ChangeCounts } from "../../changes/index.ts";
import type { ComparedDetails } from "../../history/index.ts";
import { countOf } from "../units.ts";
import { listOf } from "./short-list.ts";

/** Says how many packages are added, removed, newer, older, or have other bytes: "+12 -3 ^45 v1 =0". */
export const countsText = ({
  added,
  removed,
  upgraded,
  rebuilt,
  downgraded,
  ...counts
}: ChangeCounts): string =>
  `+${added} -${removed} ^${upgraded + rebuilt} v${downgraded} =${counts["changed-bytes"]}`;

/** Says what the changelogs of the new versions name: "3 CVEs in 4 changelogs, urgency high". */
export const fixesText = ({ cves, sources, urgency, unread }: ComparedDetails): string =>
  [
    `${countOf(cves.length, "CVE")} in ${countOf(sources - unread, "changelog")}`,
    ...(urgency === undefined ? [] : [`urgency ${urgency}`]),
    ...(unread === 0 ? [] : [`${countOf(unread, "changelog")} not readable`]),
  ].join(", ");

/** Says what the staged snapshot has that production lacks. */
export const stagedFixesText = (compared: ComparedDetails): string =>
  `${countsText(compared.counts)}; production lacks ${countOf(compared.cves.length, "known fix", "known fixes")}`;

/** Says what a promotion changes, in a few lines: the counts, then what a person should look at. */
export const comparisonLines = (compared: ComparedDetails): readonly string[] => {
  const { counts, removed, downgraded, cves } = compared;
  return [
    `${countsText(counts)} (added, removed, upgraded, downgraded, other bytes)`,
    ...(cves.length === 0 ? [] : [`fixes, as its changelogs say: ${listOf(cves.toReversed())}`]),
    fixesText(compared),
    ...(removed.length === 0 ? [] : [`removes ${named(removed, counts.removed)}`]),
    ...(downgraded.length === 0 ? [] : [`downgrades ${named(downgraded, counts.downgraded)}`]),
  ];
};

/** The first five of a list, of which only the first twenty are known. */
function named(names: readonly string[], count: number): string {
  const shown = names.slice(0, namesShown);
  const rest = count - shown.length;
  return rest <= 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest} more`;
}

const namesShown = 5;
