import { randomInt } from "node:crypto";
import { recordFigures } from "../../support/index.ts";
import type { OrdealReport } from "./ordeal.ts";

export interface Budget {
  /** Two, for as many processors as there are at least. */
  readonly seeds: readonly [number, number];
  /** For each seed. */
  readonly strokes: number;
  /** For each seed. */
  readonly limitMs: number;
}

/** How long an ordeal takes: as `make soak` says in a variable, else as long as other tests have patience. */
export function budgetFor(
  variable: string,
  { usual, limitMs }: { readonly usual: number; readonly limitMs: number },
): Budget {
  const asked = process.env[variable];
  const strokes = Math.ceil(Number(asked ?? usual) / 2);
  const seed = Number(process.env["SEED"] ?? randomInt(1_000_000));
  return { seeds: [seed, seed + 1], strokes, limitMs: asked === undefined ? limitMs : strokes * 10_000 };
}

/** `topic` and `what` in the plural, such as "kills". */
export function tell(topic: string, what: string, reports: readonly OrdealReport[]): void {
  const sumOf = (count: (report: OrdealReport) => number): number =>
    reports.reduce((sum, report) => sum + count(report), 0);
  for (const { seed, strokes } of reports) {
    const each = [...strokes].map(([name, count]) => `${name} ${count}`).join(", ");
    process.stdout.write(`${topic}, seed ${seed}: ${each}\n`);
  }
  recordFigures(topic, {
    [what]: sumOf(({ strokes }) => strokes.values().reduce((sum, count) => sum + count, 0)),
    runs: sumOf(({ runs }) => runs),
    "links that had not moved yet": sumOf(({ before }) => before),
    "links that had": sumOf(({ after }) => after),
  });
}
