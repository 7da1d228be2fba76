/** Cuts the power at any moment: trees with a public name are on disk, and so is what a command reported as done. */
import { writeSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkspace } from "../support/index.ts";
import { budgetFor, recordReports } from "./interruptions/budget.ts";
import { interruptWorkflow, workflowConfig } from "./interruptions/interrupt-workflow.ts";
import { powerCut } from "./interruptions/interruption.ts";
import { PowerCutDisk } from "./interruptions/power-cut-disk.ts";

const { seeds, interruptions, timeoutMs } = budgetFor("CUTS", 12);
const [ofExt4, ofXfs] = seeds;

test.for([
  ["ext4", ofExt4],
  ["xfs", ofXfs],
] as const)(
  "after a power cut of %s, old trees or new ones are whole (seed %i)",
  { timeout: timeoutMs },
  async ([fileSystem, seed], { skip }) => {
    await using workspace = await createWorkspace(workflowConfig);
    const image = workspace.join("disk.img");
    const mounted = await PowerCutDisk.mount(fileSystem, { image, top: workspace.dir });
    if (typeof mounted === "string") {
      // Not every reporter prints the reason of a skip.
      writeSync(2, `Skipped, because no such file system can be mounted: ${mounted}`);
      return skip(mounted);
    }
    await using disk = mounted;
    const interruption = powerCut(disk);
    const report = await interruptWorkflow(workspace, { seed, interruption, interruptions });
    recordReports(`Power cuts, ${fileSystem}`, "cuts", [report]);
    expect(report.interruptions.size).toBeGreaterThan(1);
  },
);
