import type { SourceChangelog } from "../../changelogs/index.ts";
import { riskyKinds } from "../../changes/index.ts";
import type { TreeDifference } from "../../operations/diff/index.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import {
  changelogsSummary,
  changelogTitle,
  entryLines,
  inOrderOfRisk,
  referenceLines,
} from "./changelogs.ts";
import { type ChangeLine, kindWords, linesOf } from "./lines.ts";
import { countRows, kindsIn, titleOf } from "./text.ts";

/** Returns a difference for a ticket: the same as for a terminal, with the names of all packages. */
export function differenceMarkdown(difference: TreeDifference): string {
  const { counts, sources, changelogs } = difference;
  const head = `## ${plain(titleOf(difference))}\n`;
  if (sources.length === 0) return `${head}\nNo package differs.\n`;
  const kinds = kindsIn(counts);
  const lines = sources.flatMap(linesOf);
  const risky = riskyKinds.flatMap((kind) => lines.filter((line) => line.kind === kind));
  const rest = lines.filter(({ kind }) => !riskyKinds.includes(kind));
  return [
    head,
    ...(changelogs === undefined ? [] : [`${plain(changelogsSummary(changelogs))}\n`]),
    table(
      ["Suite", "Section", "Architecture", ...kinds.map((kind) => kindWords[kind])],
      countRows(difference, kinds).map((cells) => cells.map(plain)),
    ),
    ...sectionOf("Look at these first", risky),
    ...sectionOf("By source", rest),
    ...changelogSections(changelogs ?? []),
  ].join("\n");
}

function sectionOf(title: string, lines: readonly ChangeLine[]): readonly string[] {
  if (lines.length === 0) return [];
  const rows = lines.map(({ kind, source, versions, packages, place, notes }) => [
    kindWords[kind],
    code(source),
    [code(versions), ...notes.map(plain)].join("; "),
    packages.map(code).join(", "),
    plain(place),
  ]);
  return [`### ${title}\n`, table(["Change", "Source", "Version", "Packages", "Where"], rows)];
}

function changelogSections(changelogs: readonly SourceChangelog[]): readonly string[] {
  if (changelogs.length === 0) return [];
  const sections = inOrderOfRisk(changelogs).map((one) =>
    [
      `#### ${plain(changelogTitle(one))}`,
      ...referenceLines(one).map((line) => `${plain(line)}  `),
      fenced(entryLines(one)),
    ].join("\n\n"),
  );
  return ["### Changelogs\n", `${sections.join("\n\n")}\n`];
}

/** A block ends at a fence as long as its own: theirs are shorter. */
function fenced(lines: readonly string[]): string {
  const text = lines.map(escapeControls).join("\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** The texts are an upstream's: none may end a cell, or be read as Markdown or HTML. */
const plain = (text: string): string => escapeControls(text).replace(/[\\`*_{}[\]<>|~#&]/g, "\\$&");

/** A code span has no escapes, but tables read "\|" in it. */
const code = (text: string): string =>
  `\`${escapeControls(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;
