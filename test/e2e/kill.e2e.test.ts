/**
 * Kills mirrorctl with SIGKILL at any moment: clients see a whole tree, the old or the new one, and the next run
 * continues.
 */
import { expect, test } from "vitest";
import { createWorkspace } from "../support/index.ts";
import { budgetFor, recordReports } from "./interruptions/budget.ts";
import {
  type InterruptionReport,
  interruptWorkflow,
  workflowConfig,
} from "./interruptions/interrupt-workflow.ts";
import { sigkill } from "./interruptions/interruption.ts";

const { seeds, interruptions, timeoutMs } = budgetFor("KILLS", 60);

async function killAgainAndAgain(seed: number): Promise<InterruptionReport> {
  await using workspace = await createWorkspace(workflowConfig);
  return await interruptWorkflow(workspace, { seed, interruption: sigkill, interruptions });
}

test("a kill loses no public file and no completed download", {
  timeout: timeoutMs,
}, async () => {
  const ends = await Promise.allSettled(seeds.map(killAgainAndAgain));
  const reports = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  recordReports("Kills", "kills", reports);
  expect(ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []))).toEqual([]);
  for (const report of reports) expect(report.interruptions.size).toBeGreaterThan(1);
});
