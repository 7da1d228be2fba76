import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keepPage, markdownTable } from "../scripts/generated-page.ts";
import type { Result } from "./measure/measure-row.ts";
import type { Group } from "./measure/row.ts";
import type { Spread } from "./measure/statistics.ts";
import { groups } from "./rows/index.ts";

/** What one run of a group has measured. */
export interface Report {
  readonly group: string;
  /** The day, ISO 8601. */
  readonly at: string;
  /** Processors, kernel and the versions of the other tools. */
  readonly machine: string;
  readonly packages: number;
  readonly bytes: number;
  readonly rows: readonly { readonly work: string; readonly results: readonly Result[] }[];
}

const keptFile = join(import.meta.dirname, "results.json");
const page = new URL("../docs/performance.md", import.meta.url);
const begin = "<!-- Written by make bench from bench/results.json. -->";
const end = "<!-- End of what make bench has written. -->";

const readKept = (): readonly Report[] => JSON.parse(readFileSync(keptFile, "utf8")) as Report[];

/** Replaces what was kept of the same group. */
export function keepReport(report: Report): void {
  const byGroup = new Map([...readKept(), report].map((each) => [each.group, each]));
  const kept = groups.flatMap(({ name }) => byGroup.get(name) ?? []);
  writeFileSync(keptFile, `${JSON.stringify(kept, undefined, 2)}\n`);
}

/** Writes the kept figures between the marks of the page; with `--check` among the arguments, only compares. */
export async function keepFigures(): Promise<void> {
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from)
    throw new Error(`docs/performance.md has lost its marks: "${begin}" and "${end}"`);
  const written = figuresText(readKept());
  await keepPage(page, `${text.slice(0, from + begin.length)}\n\n${written}\n\n${text.slice(to)}`);
}

/** Returns a section for each report, as Markdown, and on what machines they ran. */
export function figuresText(reports: readonly Report[]): string {
  const machines = new Set(reports.map(({ machine }) => `Measured on ${machine}.`));
  return [...reports.map(sectionOf), ...machines].join("\n\n");
}

function sectionOf(report: Report): string {
  const group = groups.find(({ name }) => name === report.group);
  if (group === undefined) throw new Error(`there is no group ${report.group}`);
  return [`### ${group.title}`, introductionOf(group, report), tableOf(report)].join("\n\n");
}

const introductionOf = ({ name, says }: Group, { at }: Report): string => `${says} (\`ROWS=${name}\`, ${at})`;

function tableOf({ rows }: Report): string {
  const hasRequests = rows.some(({ results }) => results.some(({ requests }) => requests !== undefined));
  const header = [
    "Work",
    "By",
    "Wall, s",
    "Processor, s",
    "Peak, MB",
    ...(hasRequests ? ["Requests"] : []),
    "Ratio",
  ];
  const lines = rows.flatMap(({ work, results }) =>
    results.map(
      ({ contestant, wallSeconds, processorSeconds, peakBytes, peakOwnBytes, requests, ratio }, index) => [
        index === 0 ? work : "",
        contestant,
        seconds(wallSeconds.median),
        seconds(processorSeconds.median),
        `${megabytes(peakBytes)} (${megabytes(peakOwnBytes)})`,
        ...(hasRequests ? [requests?.median.toLocaleString("en") ?? ""] : []),
        ratioText(ratio),
      ],
    ),
  );
  return markdownTable(header, lines);
}

const megabytes = ({ median }: Spread): string => (median / 1e6).toFixed(0);

const seconds = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

/** Of the rounds: the middle, and in parentheses the least and the most. */
const ratioText = ({ median, min, max }: Spread): string =>
  min === max ? median.toFixed(2) : `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
