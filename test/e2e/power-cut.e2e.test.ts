/** The power goes at any moment: what a name leads to was flushed before, and what was said to be done is done. */
import { existsSync, writeSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkspace } from "../support/index.ts";
import { budgetFor, tell } from "./kill/budget.ts";
import { DiskWithoutPower } from "./kill/disk-without-power.ts";
import { ordeal, ordealConfig } from "./kill/ordeal.ts";
import { powerCut } from "./kill/perils.ts";

const { seeds, strokes, limitMs } = budgetFor("CUTS", { usual: 12, limitMs: 6_000 });
const [ofExt4, ofXfs] = seeds;

test.for([
  ["ext4", ofExt4],
  ["xfs", ofXfs],
] as const)(
  "whenever the power of %s goes, old trees or new ones are whole (seed %i)",
  { timeout: limitMs + 150_000 },
  async ([fileSystem, seed], { skip }) => {
    const parent = existsSync("/dev/shm") ? "/dev/shm" : undefined; // the disk is a file there
    await using workspace = await createWorkspace(ordealConfig, { parent });
    const image = workspace.join("disk.img");
    const mounted = await DiskWithoutPower.mount(fileSystem, { image, top: workspace.dir });
    if (typeof mounted === "string") {
      // Not every reporter prints the reason of a skip.
      writeSync(2, `Skipped, for want of a file system to cut off: ${mounted}`);
      return skip(mounted);
    }
    await using disk = mounted;
    const endsAt = performance.now() + limitMs;
    const report = await ordeal(workspace, { seed, peril: powerCut(disk), strokes, endsAt });
    tell(`Power cuts, ${fileSystem}`, "cuts", [report]);
    expect(report.strokes.size).toBeGreaterThan(1);
  },
);
