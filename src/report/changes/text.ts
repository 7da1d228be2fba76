import type { SourceChangelog } from "../../changelogs/index.ts";
import {
  type ChangeCounts,
  type ChangeKind,
  changeKinds,
  riskyKinds,
  type TreeChanges,
} from "../../changes/index.ts";
import type { TreeDifference } from "../../operations/diff/index.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { formatTable } from "../terminal/table.ts";
import { listOf } from "../words/short-list.ts";
import {
  changelogsSummary,
  changelogTitle,
  entryLines,
  inOrderOfRisk,
  referenceLines,
} from "./changelogs.ts";
import { type ChangeLine, kindWords, linesOf } from "./lines.ts";

/** Returns a difference for a terminal: counts first, then what is risky, then the rest by source. */
export function differenceText(difference: TreeDifference, columns: number | undefined): string {
  const { sources, changelogs } = difference;
  const head = `${escapeControls(titleOf(difference))}\n`;
  if (sources.length === 0) return `${head}\nNo package differs.\n`;
  const lines = sources.flatMap(linesOf);
  const risky = riskyKinds.flatMap((kind) => lines.filter((line) => line.kind === kind));
  const rest = lines.filter(({ kind }) => !riskyKinds.includes(kind));
  return [
    head,
    ...(changelogs === undefined ? [] : [`${changelogsSummary(changelogs)}\n`]),
    countsTable(difference, columns),
    ...(risky.length === 0 ? [] : [`Look at these first:\n${risky.map(lineText).join("")}`]),
    ...(rest.length === 0 ? [] : [`By source:\n${rest.map(lineText).join("")}`]),
    ...inOrderOfRisk(changelogs ?? []).map(changelogText),
  ].join("\n");
}

export function titleOf({ mirror, from, to, onlySource }: TreeDifference): string {
  const [before, after] = [from, to].map(({ name, shownAs }) =>
    shownAs.length === 0 ? name : `${name} (${shownAs.join(", ")})`,
  );
  const part = onlySource === undefined ? "" : `, only in the source package ${onlySource}`;
  return `${mirror}: changes from ${before} to ${after}${part}`;
}

/** The kinds that occur at least once. */
export const kindsIn = (counts: ChangeCounts): readonly ChangeKind[] =>
  changeKinds.filter((kind) => counts[kind] > 0);

/** The rows of a table of counts, with a sum if there are several places. */
export function countRows(
  { places, counts }: TreeChanges,
  kinds: readonly ChangeKind[],
): readonly (readonly string[])[] {
  const cellsOf = (of: ChangeCounts): readonly string[] => kinds.map((kind) => String(of[kind]));
  const rows = places.map(({ place, counts: its }) => [
    place.suite,
    place.section ?? "-",
    place.architecture ?? "-",
    ...cellsOf(its),
  ]);
  return rows.length < 2 ? rows : [...rows, ["packages", "", "", ...cellsOf(counts)]];
}

function countsTable(difference: TreeDifference, columns: number | undefined): string {
  const kinds = kindsIn(difference.counts);
  const head = ["SUITE", "SECTION", "ARCHITECTURE", ...kinds.map((kind) => kindWords[kind].toUpperCase())];
  return formatTable(head, countRows(difference, kinds), columns);
}

const kindWidth = Math.max(...Object.values(kindWords).map((word) => word.length));

function lineText({ kind, source, versions, packages, place, notes }: ChangeLine): string {
  const names = packages.length === 1 && packages[0] === source ? "" : `: ${listOf(packages)}`;
  const text = `${kindWords[kind].padEnd(kindWidth)}  ${source} ${versions}${names} (${place})`;
  return `  ${[text, ...notes].map(escapeControls).join("; ")}\n`;
}

function changelogText(one: SourceChangelog): string {
  const lines = [...referenceLines(one), ...entryLines(one)].map((line) => `  ${line}`.trimEnd());
  return [changelogTitle(one), ...lines].map((line) => `${escapeControls(line)}\n`).join("");
}
