/** Killed with SIGKILL at any moment: clients see the old tree or the new one, whole, and the next run goes on. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkspace } from "../support/index.ts";
import { budgetFor } from "./kill/budget.ts";
import { ordeal, ordealConfig } from "./kill/ordeal.ts";
import { sigkill } from "./kill/perils.ts";

const { seeds, strokes, limitMs, tell } = budgetFor("KILLS", { usual: 100, limitMs: 35_000 });

test.concurrent.each(seeds)(
  "whenever it is killed, nothing is lost that was shown or had been brought (seed %i)",
  async (seed) => {
    const parent = existsSync("/dev/shm") ? "/dev/shm" : undefined; // no disk has a part in it
    await using workspace = await createWorkspace(ordealConfig, { parent });
    const endsAt = performance.now() + limitMs;
    const report = await ordeal(workspace, { seed, peril: sigkill, strokes: strokes / seeds.length, endsAt });
    tell(report, "kills");
    expect(report.strokes.size).toBeGreaterThan(1);
  },
  limitMs + 150_000,
);
