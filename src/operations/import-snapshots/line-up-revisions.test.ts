import { describe, expect, test } from "vitest";
import { type DatedRevision, lineUpRevisions } from "./line-up-revisions.ts";

const revision = (suite: string, number: number, day: number): DatedRevision => ({
  suite,
  number,
  date: new Date(Date.UTC(2025, 0, day)),
});
const names = (states: ReturnType<typeof lineUpRevisions>): readonly string[] =>
  states.map((state) => state.map(({ suite, number }) => `${suite}/${number}`).join(" "));

describe("revisions of several suites", () => {
  test("belong to the newest of the others at their time", () => {
    const all = [revision("a", 0, 1), revision("a", 1, 5), revision("b", 0, 2), revision("b", 1, 9)];
    expect(names(lineUpRevisions(["a", "b"], all))).toEqual(["a/0 b/0", "a/1 b/0", "a/1 b/1"]);
  });

  test("that changed at the same time changed together", () => {
    const all = [revision("a", 0, 1), revision("b", 0, 1), revision("b", 1, 3), revision("a", 1, 3)];
    expect(names(lineUpRevisions(["a", "b"], all))).toEqual(["a/0 b/0", "a/1 b/1"]);
  });

  test("make no tree while a suite has none", () => {
    expect(names(lineUpRevisions(["a", "b"], [revision("a", 0, 1)]))).toEqual([]);
    expect(names(lineUpRevisions(["a"], [revision("a", 0, 1), revision("a", 1, 2)]))).toEqual(["a/0", "a/1"]);
  });
});
