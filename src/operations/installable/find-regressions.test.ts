import { describe, expect, test } from "vitest";
import { type MemoryTree, noFilters, openTree, stanzaOf, treeOf } from "../../contents/contents.fixture.ts";
import type { FoundInstallable } from "../../store/index.ts";
import type { OpenedTree } from "../trees/index.ts";
import { checkTogetherOnAll } from "./check-together.ts";
import { findRegressions } from "./find-regressions.ts";
import type { MachineTrees } from "./machine-packages.ts";

const index = "main/binary-amd64/Packages";

/** Makes a tree of packages, one a line: "name version; Field: value; …". */
function tree(lines: readonly string[], name = index): MemoryTree {
  const stanzas = lines.map((line) => {
    const [head = "", ...fields] = line.split("; ");
    const [package_ = "", version = ""] = head.split(" ");
    return stanzaOf(package_, version, fields.map((field) => `${field}\n`).join(""));
  });
  return treeOf({ stable: { [name]: stanzas.join("") } });
}

const opened = (one: MemoryTree, reading = noFilters): OpenedTree => ({
  contents: openTree(one, ["stable"], reading),
  reading,
});

const treesOf = ([first, ...others]: readonly (readonly string[])[]): MachineTrees => [
  opened(tree(first ?? [])),
  ...others.map((lines) => opened(tree(lines))),
];

/** Keeps results in memory. */
function openMemory() {
  const kept = new Map<string, FoundInstallable>();
  return {
    kept,
    signal: new AbortController().signal,
    installability: { find: (key: string) => kept.get(key) },
    keep: async (key: string, found: FoundInstallable) => void kept.set(key, found),
  };
}

const compare = (
  before: MachineTrees,
  after: MachineTrees,
  { foreign = [] as readonly string[], memory = openMemory() } = {},
) => findRegressions(before, after, foreign, memory);

/** Says what one kind of machine cannot install any more. */
async function broken(...args: Parameters<typeof compare>): Promise<readonly string[]> {
  const [machine] = await compare(...args);
  if (machine === undefined) throw new Error("no machine");
  return machine.broken.map(({ name, version, isNew, change }) =>
    [
      `${isNew ? "new " : ""}${name} ${version}`,
      ...(change === undefined
        ? []
        : [
            `${change.kind} ${change.name} ${change.before ?? "-"} -> ${change.after ?? "-"} ${change.role} ${change.relation}`,
          ]),
    ].join(": "),
  );
}

describe("a package that cannot be installed", () => {
  const sick = "sick 1; Depends: gone";

  test("is a regression if it could be installed before, with the change behind it", async () => {
    const before = treesOf([["a 1; Depends: b", "b 1; Depends: c", "c 1", sick]]);
    const after = treesOf([["a 2; Depends: b", "b 1; Depends: c", sick]]);
    expect(await broken(before, after)).toEqual([
      "b 1: removed c 1 -> - offered c",
      "a 2: removed c 1 -> - offered c",
    ]);
  });

  test("is none if it could not be installed before, in any version", async () => {
    expect(await broken(treesOf([[sick]]), treesOf([["sick 2; Depends: lost", "other 1"]]))).toEqual([]);
  });

  test("is new if no version of it was there before", async () => {
    expect(await broken(treesOf([["a 1"]]), treesOf([["a 1", sick]]))).toEqual(["new sick 1"]);
  });

  test("is none if it is gone, and not if it is only an older version", async () => {
    const after = treesOf([["b 1; Depends: gone", "b 2"]]);
    expect(await broken(treesOf([["a 1", "b 1"]]), after)).toEqual([]);
  });
});

test("packages may come from other trees, which are not checked", async () => {
  const own = ["a 1; Depends: b"];
  expect(await broken(treesOf([own, ["b 1", "c 1"]]), treesOf([own, ["b 1", "c 2; Depends: gone"]]))).toEqual(
    [],
  );
  expect(await broken(treesOf([own, ["b 1"]]), treesOf([own, ["b 2; Depends: gone"]]))).toEqual([
    "a 1: upgraded b 1 -> 2 needs gone",
  ]);
});

/** Makes a tree with an index for each of two architectures. */
const both = (amd64: string, i386: string): MemoryTree =>
  treeOf({ stable: { [index]: amd64, "main/binary-i386/Packages": i386.replaceAll("amd64", "i386") } });

test("each kind of machine is compared", async () => {
  const [old, present] = [stanzaOf("a", "1"), stanzaOf("a", "1", "Depends: gone\n")];
  const found = await compare([opened(both(old, old))], [opened(both(old, present))]);
  expect(found.map(({ architecture, broken: its }) => [architecture, its.map(({ name }) => name)])).toEqual([
    ["amd64", []],
    ["i386", ["a"]],
  ]);
  expect(
    await compare([opened(both(old, old))], [opened(both(old, present))], { foreign: ["i386"] }),
  ).toEqual([{ architecture: "amd64", broken: [], undetermined: [] }]);
});

/** Compares two trees, and returns how many files were read of each. */
async function reads(before: MemoryTree, after: MemoryTree, memory: ReturnType<typeof openMemory>) {
  await compare([opened(before)], [opened(after)], { memory });
  return [before.reads.length, after.reads.length];
}

describe("what is read", () => {
  const sick = "sick 1; Depends: gone";

  test("is nothing if machines find the same packages", async () => {
    expect(await reads(tree([sick]), tree([sick]), openMemory())).toEqual([0, 0]);
  });

  test("is nothing the second time, and a tree that was tested is not read in production", async () => {
    const memory = openMemory();
    expect(await reads(tree([sick]), tree([sick, "a 1"]), memory)).toEqual([1, 1]);
    expect(await reads(tree([sick]), tree([sick, "a 1"]), memory)).toEqual([0, 0]);
    expect(await reads(tree([sick, "a 1"]), tree([sick, "a 2"]), memory)).toEqual([0, 1]);
  });

  test("is read again to explain a regression", async () => {
    const memory = openMemory();
    const [before, after] = [tree(["a 1"]), tree(["a 2; Depends: gone"])];
    expect(await reads(before, after, memory)).toEqual([2, 1]);
    expect(await reads(tree(["a 1"]), tree(["a 2; Depends: gone"]), memory)).toEqual([1, 1]);
  });

  test("is not a tree in which packages were checked together before", async () => {
    const memory = openMemory();
    const [before, after] = [tree([sick]), tree([sick, "a 1"])];
    const options = { foreign: [], alsoKeep: true };
    const together = await checkTogetherOnAll([opened(after)], ["a"], options, memory);
    expect(together).toEqual([{ architecture: "amd64", result: "installable", causes: [] }]);
    expect(after.reads).toHaveLength(1);
    expect(await reads(before, after, memory)).toEqual([1, 0]);
  });

  test("depends on what the filters leave out, and on what upstream lacked", async () => {
    const packages = ["a 1; Depends: b", "b 1"];
    const readings = [
      noFilters,
      { ...noFilters, filters: { keepVersions: 0, excludePatterns: [/^b$/] } },
      { ...noFilters, filters: { keepVersions: 1, excludePatterns: [] } },
      { ...noFilters, missing: ["pool/b_1.deb"] },
    ];
    const memory = openMemory();
    for (const reading of readings)
      await compare([opened(tree(packages))], [opened(tree(packages), reading)], { memory });
    expect(memory.kept.size).toBe(readings.length);
  });
});

test("says for which packages the search took too long", async () => {
  const holes = Array.from({ length: 10 }, (_, at) => at);
  const pigeons = Array.from({ length: 11 }, (_, at) => `p${at}`);
  const lines = pigeons.flatMap((pigeon) => [
    `${pigeon} 1; Depends: ${holes.map((hole) => `${pigeon}h${hole}`).join(" | ")}`,
    ...holes.map((hole) => `${pigeon}h${hole} 1; Provides: h${hole}; Conflicts: h${hole}`),
  ]);
  const all = `all 1; Depends: ${pigeons.join(", ")}`;
  const [machine] = await compare(treesOf([["all 1"]]), treesOf([[all, ...lines]]));
  expect(machine).toMatchObject({ broken: [], undetermined: [{ name: "all", version: "1" }] });
});

test("a regression that many packages share is explained for the first thousand", async () => {
  const many = Array.from({ length: 1_050 }, (_, at) => `p${at} 1; Depends: lib`);
  const [machine] = await compare(treesOf([["lib 1", ...many]]), treesOf([many]));
  expect(machine?.broken).toHaveLength(1_050);
  expect(machine?.broken.filter(({ change }) => change !== undefined)).toHaveLength(1_000);
});
