import { expect, test } from "vitest";
import { find, tellStory } from "../test-support.ts";

const hourMs = 3_600_000;

test("min_staged says since when the snapshot is staged, and when it may pass", async () => {
  const { mirrors, test: run } = await tellStory({ min_staged: "2d" });
  mirrors.aheadMs = 5 * hourMs;
  const gate = find((await run()).gates, "min_staged");
  expect(gate).toMatchObject({
    verdict: "not-yet",
    text: { measured: expect.stringMatching(/^staged for 5h/), allowed: "at least 2d" },
    details: [{ message: expect.stringMatching(/^staged since .* UTC$/) }],
  });
  expect(gate.text.todo[0]).toMatch(/^It may pass from .* UTC on\.$/);
  const { log } = await mirrors.run(["snapshot", "promote", "m"], 3);
  expect(log).toContain("new does not pass the gate min_staged yet: staged for 5h");
  mirrors.aheadMs = 48 * hourMs + 60_000;
  expect(find((await run()).gates, "min_staged").verdict).toBe("passed");
  await mirrors.run(["snapshot", "promote", "m"]);
});

test("min_staged goes on counting if an identical snapshot is staged", async () => {
  const { mirrors, test: run } = await tellStory({ min_staged: "2d" });
  mirrors.aheadMs = 24 * hourMs;
  await mirrors.run(["snapshot", "create", "m", "same", "--stage"]);
  mirrors.aheadMs = 49 * hourMs;
  expect(find((await run()).gates, "min_staged").verdict).toBe("passed");
});

test("min_staged starts again once staging has shown something else", async () => {
  const { mirrors, test: run } = await tellStory({ min_staged: "2d" }, (upstream) =>
    upstream.suite("stable").addPackage("extra", "1"),
  );
  mirrors.aheadMs = 40 * hourMs;
  await mirrors.run(["snapshot", "stage", "m", "old"]);
  const left = find((await run(["new"])).gates, "min_staged");
  expect(left).toMatchObject({
    verdict: "not-yet",
    details: [{ message: expect.stringContaining("something else now") }],
  });
  expect(left.until).toBeUndefined();
  await mirrors.run(["snapshot", "stage", "m", "new"]);
  mirrors.aheadMs = 50 * hourMs;
  expect(find((await run()).gates, "min_staged")).toMatchObject({
    verdict: "not-yet",
    text: { measured: expect.stringMatching(/^staged for (?:10h|9h 59m)/) },
  });
});

test("min_staged does not pass a snapshot that was never staged", async () => {
  const { test: run } = await tellStory({ min_staged: "1h" }, (upstream) =>
    upstream.suite("stable").addPackage("extra", "1"),
  );
  expect(find((await run(["old"])).gates, "min_staged")).toMatchObject({
    verdict: "not-yet",
    details: [{ message: "these contents were never staged" }],
  });
});
