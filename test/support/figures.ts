import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Numbers of one run of a test, by their names: "switches" -> 254. */
export type Figures = Readonly<Record<string, number>>;

/** Where runs leave their figures; `make figures` takes them from there into docs/reliability.md. */
export const figuresDirectory = join(import.meta.dirname, "../../.cache/figures");

/** Leaves what a run has counted, and prints it: a test that counts nothing proves nothing. */
export function recordFigures(topic: string, figures: Figures): void {
  mkdirSync(figuresDirectory, { recursive: true });
  const record = { topic, at: new Date().toISOString().slice(0, 10), figures };
  writeFileSync(join(figuresDirectory, `${topic}.json`), `${JSON.stringify(record)}\n`);
  const words = Object.entries(figures).map(([name, value]) => `${value} ${name}`);
  process.stdout.write(`${topic}: ${words.join(", ")}\n`);
}
