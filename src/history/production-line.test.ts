import { describe, expect, test } from "vitest";
import type { HistoryEntry } from "./entry.ts";
import { leftProductionAt, productionBefore } from "./production-line.ts";

const actions = { P: "promote", U: "publish", R: "rollback", S: "stage", C: "create", D: "delete" } as const;

/** Lines from "P:a P:b R:a", oldest first as they are read; "!" ends one that failed. Newest first, as history has them. */
function historyOf(text: string): readonly HistoryEntry[] {
  const steps = text.split(" ").filter((step) => step !== "");
  let production: string | undefined;
  const entries = steps.map((step, index): HistoryEntry => {
    const action = actions[step.slice(0, 1) as keyof typeof actions];
    const to = step.slice(2).replace("!", "");
    const result = step.endsWith("!") ? "failed" : "done";
    const from = production;
    if (result === "done" && /^[PUR]/.test(step)) production = to;
    return { at: new Date(index * 1000), mirror: "noble", action, who: "admin", result, from, to };
  });
  return entries.toReversed();
}

describe("productionBefore", () => {
  test.each([
    ["", []],
    ["P:a", []],
    ["P:a P:b", ["a"]],
    ["P:a U:b P:c", ["b", "a"]],
    // Rolling back twice goes two steps back, not back and forth.
    ["P:a P:b P:c R:b", ["a"]],
    ["P:a P:b P:c R:b R:a", []],
    ["P:a P:b P:c R:a", []],
    // After a rollback, what was rolled back from is not a predecessor of what comes next.
    ["P:a P:b R:a P:c", ["a"]],
    ["P:a P:b R:a P:b", ["a"]],
    // A goal that never was in production is a decision of its own.
    ["P:a P:b R:x", ["b", "a"]],
    // The same one twice in a row is one step.
    ["P:a P:b P:b", ["a"]],
    ["P:a P:b P:a", ["b", "a"]],
    ["P:a P:b P:a R:b", ["a"]],
    // What failed, and what moved no production, counts for nothing.
    ["P:a P:b! S:c C:d D:a", []],
    ["P:a P:b R:a!", ["a"]],
  ])("after %j is %j", (steps, before) => {
    expect(productionBefore(historyOf(steps))).toEqual(before);
  });
});

describe("leftProductionAt", () => {
  test.each([
    ["", {}],
    ["P:a", {}],
    ["P:a P:b", { a: 1 }],
    ["P:a U:b R:a", { a: 1, b: 2 }],
    ["P:a P:b P:a P:c", { a: 3, b: 2 }],
    ["P:a P:a", {}],
    ["P:a P:b! S:b", {}],
  ])("after %j is %j (in seconds)", (steps, left) => {
    const seconds = [...leftProductionAt(historyOf(steps))].map(
      ([name, at]) => [name, at.getTime() / 1000] as const,
    );
    expect(Object.fromEntries(seconds)).toEqual(left);
  });
});
