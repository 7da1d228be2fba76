/**
 * Writes docs/reliability.md from the promises in test/reliability and the figures of the last runs that were kept:
 * `node scripts/docs-reliability.ts`. With `--take`, keeps first what the latest runs left in .cache/figures.
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

/** The page for administrators, as Markdown. Throws for a test that is named and not there. */
function reliabilityPage(): string {
  const figures = readKept();
  const parts = [introduction, ...promises.map(sectionOf), "## Figures", figuresText, figuresTable(figures)];
  return `${parts.join("\n\n")}\n`;
}

const introduction = `<!-- Written by scripts/docs-reliability.ts from test/reliability; change that instead. -->

# Reliability

What mirrorctl promises, and the tests that hold it to that, each one of \`make test\`. A page that names a test which is
not there is not written, so what stands here exists.`;

const sectionOf = ({ title, says, tests }: Promised): string =>
  [`## ${title}`, says, tests.map(lineOf).join("\n")].join("\n\n");

function lineOf({ file, name }: TestReference): string {
  if (!readFileSync(join(root, file), "utf8").includes(name))
    throw new Error(`${file} has no test "${name}"`);
  return `- ${name} (\`${file}\`)`;
}

const figuresText = `Of the last runs that were kept, on a machine with two cores. A run prints its own, and \`make figures\` keeps them here.`;

const figuresTable = (records: readonly RecordedFigures[]): string =>
  markdownTable(
    ["What", "Counted", "Run of"],
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

/** What runs have left replaces what was kept of the same topics. */
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
