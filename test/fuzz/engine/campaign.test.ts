import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { usedByThreadMs } from "./growth.ts";
import { type Limits, watchCampaign } from "./watch.ts";
import type { Bound } from "./worker.ts";

vi.setConfig({ testTimeout: 60_000 });

const limits: Omit<Limits, "ticksMax"> = { tickMs: 100, heapMebibytesMax: 64 };

interface Options {
  readonly bound?: Bound;
  readonly seed?: number;
  readonly ticksMax?: number;
}

/** By default so long that a campaign without a finding fails its test. */
async function campaign(
  targetName: string,
  { bound = { seconds: 50 }, seed = 1, ticksMax = 200 }: Options = {},
) {
  const found: string[] = [];
  const { report, failure } = await watchCampaign(
    {
      targetsModule: join(import.meta.dirname, "planted.fixture.ts"),
      targetName,
      led: /planted\.fixture\.ts$/,
      seed,
      bound,
      given: [Buffer.from("some text")],
      found: [],
    },
    (input) => found.push(Buffer.from(input).toString("latin1")),
    { ...limits, ticksMax },
  );
  const input = failure && Buffer.from(failure.input).toString("latin1");
  return { report, found, input, reason: failure?.reason };
}

describe("a campaign finds, and makes as small as it can,", () => {
  test("an input that only coverage leads to", async () => {
    const { input, reason, found } = await campaign("deep");
    expect([input, reason]).toEqual(["Fuzzed", expect.stringContaining("TypeError: deep")]);
    expect(found.map((text) => text.slice(0, 4))).toContain("Fuzz");
  });

  test("an input on which an oracle does not agree", async () => {
    const { input, reason, report } = await campaign("disputed");
    expect([input, reason]).toEqual(["x", expect.stringContaining("they say otherwise")]);
    expect(report?.compared).toBeGreaterThan(0);
  });
});

describe("a campaign finds an excess", () => {
  test("of steps", async () => {
    expect((await campaign("quadraticLoop")).reason).toMatch(/8 times as long took \d+ times as many steps/);
  });

  test("of time in built-in functions", async () => {
    expect((await campaign("quadraticBuiltIn")).reason).toMatch(/8 times as long took \d+ times as many ms/);
  });

  test("of time as the thread uses it, also within a built-in function", () => {
    const beforeMs = usedByThreadMs();
    " ".repeat(5_000).concat("x").replace(/ +$/, "");
    expect(usedByThreadMs()).toBeGreaterThan(beforeMs);
  });

  test("an input that never comes to an end", async () => {
    const { input, reason, report } = await campaign("hanging", { ticksMax: 20 });
    expect([input, reason, report]).toEqual([
      expect.stringContaining("  "),
      "it takes more than 2 seconds",
      undefined,
    ]);
  });

  test("an input that fills the memory", async () => {
    const { input, reason } = await campaign("hoarding");
    expect([input, reason]).toEqual([expect.stringContaining("  "), "it takes more than 64 MiB of memory"]);
  });
});

test("a campaign without findings ends when its time is over", async () => {
  const { report, input } = await campaign("sound", { bound: { seconds: 0.3 } });
  expect([input, report?.hasFailed]).toEqual([undefined, false]);
  expect(report?.executions).toBeGreaterThan(100);
});

test("a campaign of a fixed length tries the same inputs for the same seed", async () => {
  const bound = { executions: 2_000 };
  const { report, found } = await campaign("sound", { bound });
  expect(report?.executions).toBe(2_000);
  expect(found.length).toBeGreaterThan(0);
  expect((await campaign("sound", { bound })).found).toEqual(found);
  expect((await campaign("sound", { bound, seed: 2 })).found).not.toEqual(found);
});
