/** Killed with SIGKILL at any moment: clients see the old tree or the new one, whole, and the next run goes on. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkspace } from "../support/index.ts";
import { budgetFor, tell } from "./kill/budget.ts";
import { type OrdealReport, ordeal, ordealConfig } from "./kill/ordeal.ts";
import { sigkill } from "./kill/perils.ts";

const { seeds, strokes, limitMs } = budgetFor("KILLS", { usual: 100, limitMs: 35_000 });

async function killAgainAndAgain(seed: number): Promise<OrdealReport> {
  const parent = existsSync("/dev/shm") ? "/dev/shm" : undefined; // no disk has a part in it
  await using workspace = await createWorkspace(ordealConfig, { parent });
  const endsAt = performance.now() + limitMs;
  return await ordeal(workspace, { seed, peril: sigkill, strokes, endsAt });
}

test("whenever it is killed, nothing is lost that was shown or had been brought", {
  timeout: limitMs + 150_000,
}, async () => {
  const ends = await Promise.allSettled(seeds.map(killAgainAndAgain));
  const reports = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  tell("Kills", "kills", reports);
  expect(ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []))).toEqual([]);
  for (const report of reports) expect(report.strokes.size).toBeGreaterThan(1);
});
