import { describe, expect, test } from "vitest";
import type { HistoryEntry } from "../entry.ts";
import { leftProductionAt, productionBefore } from "./production-line.ts";

const actions = { P: "promote", U: "publish", R: "rollback", S: "stage", C: "create", D: "delete" } as const;

/**
 * Lines from "P:a P:b R:a", oldest first as they are read; "!" ends one that failed, and "x" is a move of the link that
 * left no line. The lines are newest first, as history has them.
 */
function historyOf(text: string): readonly HistoryEntry[] {
  return movesOf(text).entries;
}

function movesOf(text: string) {
  const steps = text.split(" ").filter((step) => step !== "");
  let production: string | undefined;
  const entries = steps.flatMap((step, index): readonly HistoryEntry[] => {
    if (step.startsWith("x:")) {
      production = step.slice(2);
      return [];
    }
    const action = actions[step.slice(0, 1) as keyof typeof actions];
    const to = step.slice(2).replace("!", "");
    const result = step.endsWith("!") ? "failed" : "done";
    const from = production;
    if (result === "done" && /^[PUR]/.test(step)) production = to;
    if (action === "delete")
      return [{ at: new Date(index * 1000), mirror: "noble", action, who: "admin", result, from: to }];
    return [{ at: new Date(index * 1000), mirror: "noble", action, who: "admin", result, from, to }];
  });
  return { entries: entries.toReversed(), production };
}

/** Nearest first; in parentheses those that are deleted. */
const namesBefore = (entries: readonly HistoryEntry[], present: string | undefined): readonly string[] =>
  productionBefore(entries, present).map(({ name, deletion }) =>
    deletion === undefined ? name : `(${name})`,
  );

describe("productionBefore", () => {
  test.each([
    ["", []],
    ["P:a", []],
    ["P:a P:b", ["a"]],
    ["P:a U:b P:c", ["b", "a"]],
    // Two rollbacks go two steps back.
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
    ["P:a P:b! S:c C:d D:d", []],
    ["P:a P:b R:a!", ["a"]],
    // A snapshot that is made under the name of one that was deleted is another one.
    ["P:a P:b P:c D:b C:b", ["(b)", "a"]],
    ["P:a P:b P:c D:b! C:b", ["b", "a"]],
    ["P:a P:b P:a P:c D:a C:a", ["(a)", "b", "(a)"]],
    ["P:a P:b D:a C:a P:a P:c", ["a", "b", "(a)"]],
    ["P:a P:b D:a C:a R:a", ["b", "(a)"]],
    // A move that left no line: what the lines end with was in production before it.
    ["P:a P:b x:c", ["b", "a"]],
    ["x:c", []],
    ["P:a P:b x:c R:b", ["a"]],
    // The line after it says what it led to.
    ["P:a P:b x:c P:d", ["c", "b", "a"]],
    ["P:a P:b x:c P:d R:c", ["b", "a"]],
    // To what was in production before: a rollback, and the next one goes further back, not forward again.
    ["P:a P:b P:c x:b", ["a"]],
    ["P:a P:b x:a", []],
    ["P:a P:b P:c x:b P:d", ["b", "a"]],
    ["P:a P:b P:c x:b R:a", []],
    // Published, without a line, and published again.
    ["P:a P:b x:a U:a", ["b", "a"]],
    ["P:a P:b x:c P:c", ["b", "a"]],
    ["P:a P:b P:c x:b R:b", ["a"]],
  ])("after %j is %j", (steps, before) => {
    const { entries, production } = movesOf(steps);
    expect(namesBefore(entries, production)).toEqual(before);
  });

  test("says when, by whom and why a snapshot was first deleted", () => {
    const entries = historyOf("P:a P:b D:a C:a D:a");
    const deletion = { at: new Date(2000), by: "admin", reason: undefined };
    expect(productionBefore(entries, "b")).toEqual([{ name: "a", deletion }]);
  });

  test("is the whole stack if nothing is in production", () => {
    expect(namesBefore(historyOf("P:a P:b"), undefined)).toEqual(["b", "a"]);
  });
});

describe("leftProductionAt", () => {
  test.each([
    ["", {}],
    ["P:a", {}],
    ["P:a P:b", { a: 1 }],
    // What came back has not left.
    ["P:a U:b R:a", { b: 2 }],
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
