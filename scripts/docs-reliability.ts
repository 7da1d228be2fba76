/**
 * Writes docs/reliability.md from the promises and the recorded figures in test/reliability: `node
 * scripts/docs-reliability.ts`. With `--take`, first records the figures that the latest runs left in .cache/figures.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Promised, promises, type TestReference } from "../test/reliability/promises.ts";
import { type Figures, figuresDirectory } from "../test/support/index.ts";
import { keepPage, markdownTable } from "./generated-page.ts";

interface RecordedFigures {
  readonly topic: string;
  /** The day, ISO 8601. */
  readonly at: string;
  readonly figures: Figures;
}

const root = join(import.meta.dirname, "..");
const keptFile = join(root, "test/reliability/figures.json");

/** The page for administrators, as Markdown. Throws for a test that does not exist. */
function reliabilityPage(): string {
  const parts = [
    introduction,
    ...promises.map(({ title, says }) => `## ${title}\n\n${says}`),
    "## Tests",
    testsText,
    markdownTable(["Promise", "Test", "File"], promises.flatMap(testRows)),
    "## Figures",
    figuresText,
    figuresTable(readKept()),
  ];
  return `${parts.join("\n\n")}\n`;
}

const introduction = `<!-- Written by scripts/docs-reliability.ts from test/reliability; change that instead. -->

# Reliability

What mirrorctl promises, and the tests that check it. Every promise has [tests](#tests), and every test runs in
\`make test\`.`;

const testsText = `The table is generated, and a test that does not exist fails the build.`;

const figuresText = `From the last recorded runs, on a machine with two cores. Each run prints its own figures; \`make figures\` records
them here.`;

/** The first row names the promise. */
const testRows = ({ title, tests }: Promised): readonly (readonly string[])[] =>
  tests.map((test, index) => [index === 0 ? title : "", existingTitle(test), `\`${test.file}\``]);

function existingTitle({ file, name }: TestReference): string {
  if (!readFileSync(join(root, file), "utf8").includes(name))
    throw new Error(`${file} has no test "${name}"`);
  return name;
}

const figuresTable = (records: readonly RecordedFigures[]): string =>
  markdownTable(
    ["What", "Counted", "Date"],
    records.map(({ topic, at, figures }) => [
      topic,
      Object.entries(figures)
        .map(([name, value]) => `${value.toLocaleString("en")} ${name}`)
        .join(", "),
      at,
    ]),
  );

function readKept(): readonly RecordedFigures[] {
  return JSON.parse(readFileSync(keptFile, "utf8")) as RecordedFigures[];
}

/** Replaces the recorded figures of each topic that the latest runs have figures of. */
function takeLatest(): void {
  const names = existsSync(figuresDirectory) ? readdirSync(figuresDirectory) : [];
  const latest = names.map(
    (name) => JSON.parse(readFileSync(join(figuresDirectory, name), "utf8")) as RecordedFigures,
  );
  const byTopic = new Map([...readKept(), ...latest].map((record) => [record.topic, record]));
  const kept = [...byTopic.values()].toSorted((a, b) => (a.topic < b.topic ? -1 : 1));
  writeFileSync(keptFile, `${JSON.stringify(kept, undefined, 2)}\n`);
}

if (process.argv.includes("--take")) takeLatest();
await keepPage(new URL("../docs/reliability.md", import.meta.url), reliabilityPage());
