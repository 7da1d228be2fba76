/** The power goes at any moment: what a name leads to was flushed before, and what was said to be done is done. */
import { existsSync, writeSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkspace } from "../support/index.ts";
import { budgetFor } from "./kill/budget.ts";
import { DiskWithoutPower, type FileSystem } from "./kill/disk-without-power.ts";
import { ordeal, ordealConfig } from "./kill/ordeal.ts";
import { powerCut } from "./kill/perils.ts";

const { seeds, strokes, limitMs, tell } = budgetFor("CUTS", { usual: 12, limitMs: 6_000 });
const inMemory = existsSync("/dev/shm") ? "/dev/shm" : undefined;
const fileSystems: readonly FileSystem[] = ["ext4", "xfs"];

test.for(fileSystems.map((fileSystem, index) => [fileSystem, seeds[index] ?? 0] as const))(
  "whenever the power of %s goes, old trees or new ones are whole (seed %i)",
  { timeout: limitMs + 150_000 },
  async ([fileSystem, seed], { skip }) => {
    await using workspace = await createWorkspace(ordealConfig, { parent: inMemory });
    const image = workspace.join("disk.img");
    const mounted = await DiskWithoutPower.mount(fileSystem, { image, top: workspace.dir });
    if (typeof mounted === "string") {
      writeSync(2, `Skipped, for want of a file system to cut off: ${mounted}`);
      return skip(mounted);
    }
    await using disk = mounted;
    const endsAt = performance.now() + limitMs;
    const options = { seed, peril: powerCut(disk), strokes: strokes / seeds.length, endsAt };
    const report = await ordeal(workspace, options);
    tell(report, `power cuts of ${fileSystem}`);
    expect(report.strokes.size).toBeGreaterThan(1);
  },
);
