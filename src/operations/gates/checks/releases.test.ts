import { describe, expect, test } from "vitest";
import { find, gateOf, tellStory } from "../test-support.ts";

const dayMs = 86_400_000;

describe("same_origin", () => {
  test("passes if the Release says the same of itself", async () => {
    expect(await gateOf("same_origin", { same_origin: true })).toMatchObject({ verdict: "passed" });
  });

  test("fails if a field changed that apt asks a person about", async () => {
    const found = await gateOf("same_origin", { same_origin: true }, (upstream) => {
      Object.assign(upstream.suite("stable").options, {
        extraReleaseFields: { Origin: "Somebody else" },
      });
    });
    expect(found).toMatchObject({
      verdict: "failed",
      details: [
        {
          message: expect.stringMatching(
            /^stable: Origin is .* in production, "Somebody else" in the snapshot$/,
          ),
        },
      ],
    });
  });
});

describe("max_release_age", () => {
  test("passes for a young Release, and fails once it is older", async () => {
    const { mirrors, test: run } = await tellStory({ max_release_age: "2d" }, (upstream) => {
      Object.assign(upstream.suite("stable").options, { date: new Date() });
    });
    expect(find((await run()).gates, "max_release_age")).toMatchObject({ verdict: "passed" });
    mirrors.aheadMs = 3 * dayMs;
    expect(find((await run()).gates, "max_release_age")).toMatchObject({
      verdict: "failed",
      text: { allowed: "at most 2d" },
      details: [{ message: expect.stringMatching(/^stable: its Release is of /) }],
    });
  });
});

describe("min_validity", () => {
  test("does not apply if no Release has a Valid-Until", async () => {
    expect(await gateOf("min_validity", { min_validity: "2d" })).toMatchObject({ verdict: "not-applicable" });
  });

  test("passes while the Release is valid for long enough, and fails after that", async () => {
    const inAWeek = new Date(Date.now() + 7 * dayMs);
    const { mirrors, test: run } = await tellStory({ min_validity: "2d" }, (upstream) => {
      Object.assign(upstream.suite("stable").options, { validUntil: inAWeek });
    });
    expect(find((await run()).gates, "min_validity")).toMatchObject({ verdict: "passed" });
    mirrors.aheadMs = 6 * dayMs;
    expect(find((await run()).gates, "min_validity")).toMatchObject({
      verdict: "failed",
      text: { measured: expect.stringContaining("left"), allowed: "at least 2d" },
      details: [{ message: expect.stringMatching(/^stable: its Release is valid until /) }],
    });
  });
});
