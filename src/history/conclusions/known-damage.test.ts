import { describe, expect, test } from "vitest";
import type { VerifyDetails } from "../details.ts";
import type { HistoryEntry } from "../entry.ts";
import { knownDamage } from "./known-damage.ts";

const working = "(working mirror)";

type Line = Pick<HistoryEntry, "action" | "result" | "from" | "to" | "detail" | "details">;

/** Lines of the history from oldest to newest, a second apart; newest first, as they are read. */
function historyOf(...lines: readonly Line[]) {
  return lines
    .map((line, index) => ({ at: new Date(index * 1000), mirror: "noble", who: "ada", ...line }))
    .toReversed();
}

const verify = (to: string, details: VerifyDetails) =>
  ({ action: "verify", result: "done", to, details }) as const;

const nothingFound = {
  kind: "checked",
  deep: true,
  partial: false,
  files: 9,
  damaged: 0,
  damagedPaths: [],
  repairedPaths: [],
  faults: [],
} as const;

/** A check of "one" that found these; "+path" is one that it repaired. */
function check(depth: "deep" | "shallow" | "partial", paths: string, name = "one") {
  const listed = paths.split(" ").filter((path) => path !== "");
  const damagedPaths = listed.filter((path) => !path.startsWith("+"));
  return verify(name, {
    ...nothingFound,
    deep: depth !== "shallow",
    partial: depth === "partial",
    damaged: damagedPaths.length,
    damagedPaths,
    repairedPaths: listed.filter((path) => path.startsWith("+")).map((path) => path.slice(1)),
  });
}
const deep = (paths: string, name?: string) => check("deep", paths, name);
const shallow = (paths: string, name?: string) => check("shallow", paths, name);
const partial = (paths: string) => check("partial", paths);
const shared = (paths: string) =>
  verify("one", {
    kind: "damage-shared",
    deep: true,
    from: "two of noble",
    damaged: paths.split(" ").length,
    damagedPaths: paths.split(" "),
  });
const repairedElsewhere = (paths: string) =>
  verify("one", {
    kind: "repair-shared",
    from: "two of noble",
    repaired: paths.split(" ").length,
    repairedPaths: paths.split(" "),
  });
const line = (action: HistoryEntry["action"], what: Partial<Line> = {}): Line => ({
  action,
  result: "done",
  ...what,
});

/** The line of a check of another tree: it finds `damaged` files that were not listed before, and lists these. */
const many = (damaged: number, ...damagedPaths: readonly string[]) =>
  verify("one", { kind: "damage-shared", deep: true, from: "two of noble", damaged, damagedPaths });
/** The known damage of "one" after these lines. */
const after = (...lines: readonly Line[]) => knownDamage(historyOf(...lines), working).get("one");

describe("knownDamage", () => {
  test.each<[string, readonly Line[], string]>([
    ["nothing", [], ""],
    ["what a check found", [deep("a b")], "a b"],
    ["what the last check found, not the one before", [deep("a b"), deep("b c")], "b c"],
    ["nothing once a check as deep finds none", [deep("a"), deep("")], ""],
    ["nothing once a deeper check finds none", [shallow("a"), deep("")], ""],
    ["what only a deep check finds, after a shallow one", [deep("a"), shallow("")], "a"],
    ["both, if the later check was not as deep", [deep("a"), shallow("b")], "a b"],
    ["what a deep check found, once the rest is whole", [deep("a"), shallow("b"), shallow("")], "a"],
    ["what a later check could not check", [deep("a"), partial("b")], "a b"],
    ["nothing once a check could check everything", [deep("a"), partial("b"), deep("")], ""],
    ["nothing once all of it is repaired", [deep("a b"), deep("+a +b")], ""],
    ["what a repair left", [deep("a b"), deep("+a b")], "b"],
    ["what a repair was not deep enough for", [deep("a b"), shallow("+a")], "b"],
    ["what another tree was found to share", [shared("a")], "a"],
    ["what a check found, not less because it is shared", [deep("a b"), shared("a")], "a b"],
    ["what is shared beside what was found", [deep("a"), shared("a b")], "a b"],
    ["nothing once the tree that shares it is repaired", [deep("a"), repairedElsewhere("a b")], ""],
    ["what the repair of another tree left", [deep("a b"), repairedElsewhere("a")], "b"],
    ["no damage of a deleted snapshot", [deep("a"), line("delete", { from: "one" })], ""],
    [
      "what is in a snapshot that could not be deleted",
      [deep("a"), line("delete", { result: "failed", from: "one" })],
      "a",
    ],
    [
      "no damage of a later snapshot of the same name",
      [deep("a"), line("delete", { from: "one" }), line("create", { to: "one" })],
      "",
    ],
    ["nothing if the line of the deletion was lost", [deep("a"), line("create", { to: "one" })], ""],
    ["what is in a snapshot, after a sync", [deep("a"), line("sync")], "a"],
    ["what is in a snapshot, after it was promoted", [deep("a"), line("promote", { to: "one" })], "a"],
    ["no damage of other trees", [deep("a", "two"), shallow("b", working)], ""],
  ])("knows %s", (_what, lines, paths) => {
    const known = knownDamage(historyOf(...lines), working).get("one");
    expect(known?.paths.toSorted() ?? []).toEqual(paths === "" ? [] : paths.split(" "));
    expect(known?.files ?? 0).toBe(known?.paths.length ?? 0);
  });

  test.each([
    [{ result: "done" }, false],
    [{ result: "unchanged" }, true],
    [{ result: "failed" }, true],
  ] as const)("after a sync that ends as %j still has the damage of the working mirror: %s", (how, has) => {
    const entries = historyOf(deep("a", working), line("sync", how));
    expect(knownDamage(entries, working).has(working)).toBe(has);
  });

  test("says when, by whom and how damage was last found", () => {
    const entries = historyOf(deep("a"), shallow("b"), line("sync"));
    expect(knownDamage(entries, working).get("one")).toEqual({
      at: new Date(1000),
      who: "ada",
      deep: true,
      files: 2,
      paths: ["b", "a"].toSorted(),
      faults: [],
    });
  });

  test("keeps unlisted damage until the tree is checked again", () => {
    const most = { files: 9_000, damaged: 5_000, damagedPaths: ["a"], faults: ["no key"] };
    const found = verify("one", { ...nothingFound, ...most });
    expect(after(found)).toMatchObject({ files: 5_000, faults: ["no key"] });
    expect(after(found, repairedElsewhere("a"))).toMatchObject({ files: 4_999, paths: [] });
    expect(after(found, deep(""))).toBeUndefined();
  });

  test("counts what keeps a tree from being trusted beside its files", () => {
    const unsigned = verify("one", { ...nothingFound, damaged: 1, faults: ["no key"] });
    expect(after(unsigned, shallow("b"))).toMatchObject({ files: 2 });
  });

  describe("with more shared damage than a line lists", () => {
    test("counts all of it", () => {
      expect(after(many(5_000, "a"))).toMatchObject({ files: 5_000, paths: ["a"] });
    });

    test("keeps the unlisted part until the tree is checked", () => {
      expect(after(many(5_000, "a"), repairedElsewhere("a"))).toMatchObject({ files: 4_999, paths: [] });
      expect(after(many(5_000, "a"), repairedElsewhere("a"), deep(""))).toBeUndefined();
    });

    test("does not count it again with each check of the other tree", () => {
      expect(after(many(5_000, "a"), many(4_999, "b"), many(4_998, "c"))).toMatchObject({
        files: 5_000,
        paths: ["a", "b", "c"],
      });
    });

    test("learns of the unlisted part even if it knows each listed file", () => {
      const left = after(deep("a"), many(5_000, "a"), repairedElsewhere("a"));
      expect(left).toMatchObject({ files: 4_999, paths: [] });
    });
  });

  test("takes a failed line without details for an unknown number of files", () => {
    const odd = line("verify", { result: "failed", to: "one", detail: "in other words" });
    const known = knownDamage(historyOf(odd), working).get("one");
    expect(known).toMatchObject({ files: undefined, paths: [], deep: true });
    expect(knownDamage(historyOf(odd, deep("")), working).size).toBe(0);
  });

  test("does not take a line without details for an all-clear", () => {
    const odd = line("verify", { to: "one", detail: "in other words" });
    expect(knownDamage(historyOf(deep("a"), odd), working).has("one")).toBe(true);
    const earlier = line("verify", { result: "failed", detail: "one: 0 repaired, 1 not" });
    expect(knownDamage(historyOf(earlier), working).size).toBe(0);
  });
});
