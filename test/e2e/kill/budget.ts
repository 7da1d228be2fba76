import { randomInt } from "node:crypto";
import { writeSync } from "node:fs";
import type { OrdealReport } from "./ordeal.ts";

export interface Budget {
  /** Two, for as many processors as there are at least. */
  readonly seeds: readonly number[];
  /** For all seeds together. */
  readonly strokes: number;
  /** For each. */
  readonly limitMs: number;
  readonly tell: (report: OrdealReport, what: string) => void;
}

/** How long an ordeal takes: as `make soak` says in a variable, else as long as other tests have patience. */
export function budgetFor(
  variable: string,
  { usual, limitMs }: { readonly usual: number; readonly limitMs: number },
): Budget {
  const asked = process.env[variable];
  const strokes = Number(asked ?? usual);
  const seed = Number(process.env["SEED"] ?? randomInt(1_000_000));
  return {
    seeds: [seed, seed + 1],
    strokes,
    limitMs: asked === undefined ? limitMs : strokes * 10_000,
    tell: ({ runs, strokes: befell, before, after, ...report }, what) => {
      const sum = befell.values().reduce((total, count) => total + count, 0);
      const each = [...befell].map(([name, count]) => `${name} ${count}`).join(", ");
      // Not every reporter shows what a test writes to the console.
      writeSync(2, `seed ${report.seed}: ${sum} ${what} in ${runs} runs (${each})\n`);
      writeSync(2, `of links that were to move, ${before} had not yet and ${after} had\n`);
    },
  };
}
