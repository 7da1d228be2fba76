import { randomInt } from "node:crypto";
import { recordFigures } from "../../support/index.ts";
import type { InterruptionReport } from "./interrupt-workflow.ts";

export interface Budget {
  /** Two, because tests run on at least two processors. */
  readonly seeds: readonly [number, number];
  /** For each seed. */
  readonly interruptions: number;
  /** The time limit of a test. Not a budget: a slow machine interrupts as often as a fast one. */
  readonly timeoutMs: number;
}

/** Returns the numbers for `make soak` if the environment has `variable`, and the usual ones otherwise. */
export function budgetFor(variable: string, usual: number): Budget {
  const interruptions = Math.ceil(Number(process.env[variable] ?? usual) / 2);
  const seed = Number(process.env["SEED"] ?? randomInt(1_000_000));
  return {
    seeds: [seed, seed + 1],
    interruptions,
    timeoutMs: interruptions * 10_000 + 150_000,
  };
}

/** Prints and records what was done. `topic` and `what` are plural, such as "kills". */
export function recordReports(topic: string, what: string, reports: readonly InterruptionReport[]): void {
  const sumOf = (count: (report: InterruptionReport) => number): number =>
    reports.reduce((sum, report) => sum + count(report), 0);
  for (const { seed, interruptions } of reports) {
    const each = [...interruptions].map(([name, count]) => `${name} ${count}`).join(", ");
    process.stdout.write(`${topic}, seed ${seed}: ${each}\n`);
  }
  recordFigures(topic, {
    [what]: sumOf(({ interruptions }) => interruptions.values().reduce((sum, count) => sum + count, 0)),
    runs: sumOf(({ runs }) => runs),
    "links that had not moved yet": sumOf(({ before }) => before),
    "links that had": sumOf(({ after }) => after),
  });
}
