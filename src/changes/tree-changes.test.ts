import { describe, expect, test } from "vitest";
import { build, compareIndex, contrib, main, security } from "./changes.fixture.ts";
import { combineChanges, type PackageBuild, type Place } from "./index.ts";

type Lists = readonly (readonly [Place, readonly PackageBuild[], readonly PackageBuild[]])[];

const combined = (lists: Lists, source?: string) =>
  combineChanges(
    lists.flatMap(([place, before, after]) => compareIndex(place, before, after)),
    source,
  );

const arm: Place = { ...main, architecture: "arm64" };

test("changes are grouped by source, sorted by name", () => {
  const ssl = { sourceField: "openssl (2)" };
  const { sources } = combined([
    [main, [build("libssl 1")], [build("libssl 2", ssl), build("openssl 2", ssl), build("bash 5")]],
  ]);
  expect(
    sources.map(({ source, changes }) => [source, changes.map(({ kind, after }) => [kind, after?.name])]),
  ).toEqual([
    ["bash", [["added", "bash"]]],
    [
      "openssl",
      [
        ["upgraded", "libssl"],
        ["added", "openssl"],
      ],
    ],
  ]);
});

describe("a package of architecture all", () => {
  const [old, present] = [build("a 1", { architecture: "all" }), build("a 2", { architecture: "all" })];

  test("counts once, and once in each index", () => {
    const { counts, places, sources } = combined([
      [main, [old], [present]],
      [arm, [old], [present]],
    ]);
    expect(counts.upgraded).toBe(1);
    expect(places.map((one) => [one.place.architecture, one.counts.upgraded])).toEqual([
      ["amd64", 1],
      ["arm64", 1],
    ]);
    expect(sources.flatMap(({ changes }) => changes)).toMatchObject([{ architectures: ["amd64", "arm64"] }]);
  });

  test("that only some indices have in a newer version is changed there alone", () => {
    const { sources } = combined([
      [main, [old], [present]],
      [arm, [old], [old]],
    ]);
    expect(sources.flatMap(({ changes }) => changes)).toMatchObject([{ architectures: ["amd64"] }]);
  });
});

const armBuild = (text: string) => build(text, { architecture: "arm64" });

test("the same version of two architectures is two changes", () => {
  const { counts } = combined([
    [main, [build("a 1")], [build("a 2")]],
    [arm, [armBuild("a 1")], [armBuild("a 2")]],
  ]);
  expect(counts.upgraded).toBe(2);
});

test("suites and sections are counted apart", () => {
  const { places } = combined([
    [main, [], [build("a 1")]],
    [contrib, [build("b 1")], []],
    [security, [build("c 2")], [build("c 1")]],
  ]);
  expect(
    places.map(({ place, counts }) => [
      place.suite,
      place.section,
      counts.added,
      counts.removed,
      counts.downgraded,
    ]),
  ).toEqual([
    ["stable", "main", 1, 0, 0],
    ["stable", "contrib", 0, 1, 0],
    ["security", "main", 0, 0, 1],
  ]);
});

test("one source can be chosen, also by its former name", () => {
  const lists: Lists = [
    [
      main,
      [build("a 1", { sourceField: "old" }), build("b 1")],
      [build("a 2", { sourceField: "new" }), build("b 2")],
    ],
  ];
  expect(combined(lists, "old").sources.map(({ source }) => source)).toEqual(["new"]);
  expect(combined(lists, "b").counts.upgraded).toBe(1);
  expect(combined(lists, "c").sources).toEqual([]);
});

const using = (version: string) => ({ builtUsing: `golang-1.19 (= ${version}), glibc (= 2.36)` });

test("a rebuild names the sources of which other versions are built in", () => {
  const { sources } = combined([[main, [build("a 1", using("1.19.6"))], [build("a 1+b1", using("1.19.8"))]]]);
  expect(sources.flatMap(({ changes }) => changes)).toMatchObject([
    { kind: "rebuilt", builtUsing: [{ source: "golang-1.19", before: "1.19.6", after: "1.19.8" }] },
  ]);
});
