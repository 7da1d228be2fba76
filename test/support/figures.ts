import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Numbers of one run of a test, by name: "switches" -> 254. */
export type Figures = Readonly<Record<string, number>>;

/** The directory of the figures of runs. `make figures` copies them from there into docs/reliability.md. */
export const figuresDirectory = join(import.meta.dirname, "../../.cache/figures");

/** Writes and prints the counts of a run: a test that counts nothing proves nothing. */
export function recordFigures(topic: string, figures: Figures): void {
  mkdirSync(figuresDirectory, { recursive: true });
  const record = { topic, at: new Date().toISOString().slice(0, 10), figures };
  writeFileSync(join(figuresDirectory, `${topic}.json`), `${JSON.stringify(record)}\n`);
  const words = Object.entries(figures).map(([name, value]) => `${value} ${name}`);
  process.stdout.write(`${topic}: ${words.join(", ")}\n`);
}
