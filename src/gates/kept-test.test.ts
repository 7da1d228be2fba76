import { describe, expect, test } from "vitest";
import type { Criterion } from "./criterion.ts";
import { digestOf, findValid, type KeptTest } from "./kept-test.ts";
import { findings, type Verdict, worst } from "./verdict.ts";

const criterion: Criterion = { gate: "installable", names: ["nginx"], with: ["security"], foreign: [] };
const conditions = { contents: "sha256:1", production: "sha256:0", beside: { security: "sha256:9" } };
const [noon, one] = [new Date("2026-05-04T12:00:00Z"), new Date("2026-05-04T13:00:00Z")];
const passed: Verdict = { kind: "passed", ...findings(7) };

const keptTest = (verdict: Verdict, at = noon): KeptTest => ({
  conditions,
  results: [{ gate: "installable", criterion: digestOf(criterion), verdict, seconds: 1, at }],
});

describe("an earlier verdict", () => {
  test("is valid for the same criterion under the same conditions; the newest counts", () => {
    const kept = [keptTest(passed), keptTest(passed, one)];
    expect(findValid(kept, criterion, conditions, one)).toMatchObject({ at: one, verdict: passed });
  });

  test.each<[string, Partial<typeof conditions>]>([
    ["the snapshot", { contents: "sha256:2" }],
    ["production", { production: "nothing" }],
    ["a mirror beside it", { beside: { security: "sha256:8" } }],
  ])("is not valid after a change of %s", (_what, change) => {
    expect(findValid([keptTest(passed)], criterion, { ...conditions, ...change }, one)).toBeUndefined();
  });

  test("is not valid if it comes from the future: the clock was wrong", () => {
    expect(findValid([keptTest(passed, one)], criterion, conditions, noon)).toBeUndefined();
    expect(findValid([keptTest(passed), keptTest(passed, one)], criterion, conditions, noon)).toBeUndefined();
  });

  test("is valid after a change of a mirror that the criterion does not name", () => {
    const { beside } = conditions;
    const changed = { ...conditions, beside: { ...beside, backports: "sha256:3" } };
    expect(findValid([keptTest(passed)], criterion, changed, one)).toBeDefined();
  });

  test("is not valid for another limit", () => {
    const other: Criterion = { ...criterion, names: ["apache2"] };
    expect(findValid([keptTest(passed)], other, conditions, one)).toBeUndefined();
  });

  test.each<[boolean, Verdict]>([
    [true, { kind: "not-applicable", because: "nothing-in-production" }],
    [false, { kind: "failed", ...findings(3) }],
    [false, { kind: "not-yet", ...findings(3) }],
    [true, { kind: "passed", until: new Date(one.getTime() + 1), ...findings(7) }],
    [false, { kind: "passed", until: one, ...findings(7) }],
  ])("is valid: %j, if it is %j", (isValid, verdict) => {
    expect(findValid([keptTest(verdict)], criterion, conditions, one) !== undefined).toBe(isValid);
  });
});

test("the worst verdict is that of a test", () => {
  expect(worst(["passed", "not-yet", "failed"])).toBe("failed");
  expect(worst(["passed", "not-yet", "not-applicable"])).toBe("not-yet");
  expect(worst(["not-applicable"])).toBe("not-applicable");
  expect(worst(["not-applicable", "passed"])).toBe("passed");
});

test("findings keep a hundred details and count the others", () => {
  const details = Array.from(
    { length: 103 },
    (_, index) => ({ kind: "package-missing", name: `p${index}` }) as const,
  );
  expect(findings(103, details)).toMatchObject({ measured: 103, more: 3, details: details.slice(0, 100) });
});
