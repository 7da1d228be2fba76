import { assert, asyncProperty, constantFrom } from "fast-check";
import { describe, expect, test } from "vitest";
import { combineChanges } from "../../changes/index.ts";
import { noFilters, openTree, stanzaOf, treeOf } from "../../contents/contents.fixture.ts";
import type { ContentsReading } from "../../contents/index.ts";
import { twoVersions } from "../../contents/selected/selected.fixture.ts";
import { compareTrees } from "./compare-trees.ts";
import { packagesOf, type TreePackages } from "./tree-packages.ts";

type Suites = Parameters<typeof treeOf>[0];

/** Compares two trees in memory. Says the changes, and which files were read of each tree. */
async function compare(
  before: Suites,
  after: Suites,
  reading: ContentsReading = noFilters,
  readingAfter: ContentsReading = reading,
) {
  const trees = [treeOf(before), treeOf(after)] as const;
  const [old, present] = [
    packagesOf({ contents: openTree(trees[0], Object.keys(before), reading), reading }),
    packagesOf({ contents: openTree(trees[1], Object.keys(after), readingAfter), reading: readingAfter }),
  ];
  const { sources } = combineChanges(await compareTrees(old, present));
  const changes = sources.flatMap((source) =>
    source.changes.map(({ kind, suite, section = "-", architectures, before: one, after: other }) =>
      [kind, (other ?? one)?.name, (other ?? one)?.version, suite, section, ...architectures].join(" "),
    ),
  );
  return { changes, reads: trees.map(({ reads }) => reads) };
}

const main = "main/binary-amd64/Packages";
const contrib = "contrib/binary-amd64/Packages";
const [a1, a2, b1] = [stanzaOf("a", "1"), stanzaOf("a", "2"), stanzaOf("b", "1")];

describe("what is read", () => {
  test("is nothing if all indices are the same", async () => {
    const suites = { stable: { [main]: a1, [contrib]: b1 } };
    expect(await compare(suites, suites)).toEqual({ changes: [], reads: [[], []] });
  });

  test("is the index that differs, once in each tree", async () => {
    const found = await compare(
      { stable: { [main]: a1, [contrib]: b1 }, updates: { [main]: b1 } },
      { stable: { [main]: a2, [contrib]: b1 }, updates: { [main]: b1 } },
    );
    const path = `dists/stable/${main}`;
    expect(found).toEqual({ changes: ["upgraded a 2 stable main amd64"], reads: [[path], [path]] });
  });

  test.each([
    { keepVersions: 1, excludePatterns: [] },
    { keepVersions: 0, keepSourceVersions: 1, excludePatterns: [] },
  ])("is everything if the newest versions are chosen among all indices: %j", async (filters) => {
    const reading = { ...noFilters, filters };
    const before = { stable: { [main]: a1 }, updates: { [main]: b1 } };
    const found = await compare(before, { ...before, updates: { [main]: a2 + b1 } }, reading);
    expect(found.reads.map((paths) => paths.length)).toEqual([2, 2]);
    expect(found.changes).toEqual(["removed a 1 stable main amd64", "added a 2 updates main amd64"]);
    expect((await compare(before, before, reading)).reads).toEqual([[], []]);
  });
});

describe("what a tree has", () => {
  test("leaves out what its filters leave out", async () => {
    const filtered = { ...noFilters, filters: { keepVersions: 0, excludePatterns: [/^b$/] } };
    const suites = { stable: { [main]: a1 + b1 } };
    expect((await compare({ stable: { [main]: a1 } }, suites, filtered)).changes).toEqual([]);
    const found = await compare(suites, suites, noFilters, filtered);
    expect(found.changes).toEqual(["removed b 1 stable main amd64"]);
  });

  test("leaves out what upstream lacked", async () => {
    const suites = { stable: { [main]: a1 + b1 } };
    const lacking = { ...noFilters, missing: ["pool/b_1.deb"] };
    expect((await compare(suites, suites, lacking, noFilters)).changes).toEqual([
      "added b 1 stable main amd64",
    ]);
    const flat = { "sub/": { Packages: a1 + b1 } };
    const below = { ...noFilters, missing: ["sub/pool/b_1.deb"] };
    expect((await compare(flat, flat, noFilters, below)).changes).toEqual(["removed b 1 sub/ -"]);
  });

  test.each(["keepVersions", "keepSourceVersions"])(
    "has no older version in place of a newest one that upstream lacked, with %s",
    async (filter) => {
      const filters = { keepVersions: 0, excludePatterns: [], [filter]: 1 };
      const [before, after] = [{ stable: { [main]: a1 } }, { stable: { [main]: a1 + a2 } }];
      const lacking = { ...noFilters, filters, missing: ["pool/a_2.deb"] };
      expect((await compare(before, after, { ...noFilters, filters }, lacking)).changes).toEqual([
        "removed a 1 stable main amd64",
      ]);
    },
  );
});

const sourceOf = (version: string, digest: string) =>
  `Package: s\nVersion: ${version}\nChecksums-Sha256:\n ${digest.repeat(64)} 3 s_${version}.dsc\n`;

describe("places", () => {
  test("a suite, a section or an architecture that one tree lacks is added or removed", async () => {
    const arm = "main/binary-arm64/Packages";
    const { changes } = await compare(
      { stable: { [main]: a1, [contrib]: b1 } },
      { stable: { [main]: a1, [arm]: b1.replace("amd64", "arm64") }, updates: { [main]: a1 } },
    );
    expect(changes).toEqual([
      "added a 1 updates main amd64",
      "removed b 1 stable contrib amd64",
      "added b 1 stable main arm64",
    ]);
  });

  test("udebs have a section of their own, and variants an architecture", async () => {
    const udebs = "main/debian-installer/binary-amd64/Packages";
    const variant = "main/binary-amd64v3/Packages";
    const { changes } = await compare(
      { stable: { [main]: a1, [udebs]: a1, [variant]: a1 } },
      { stable: { [main]: a1, [udebs]: a2, [variant]: b1 } },
    );
    expect(changes).toEqual([
      "removed a 1 stable main amd64v3",
      "upgraded a 2 stable main/debian-installer amd64",
      "added b 1 stable main amd64v3",
    ]);
  });

  test("a flat suite has packages and sources", async () => {
    const { changes } = await compare(
      { "./": { Packages: a1, Sources: sourceOf("1", "a") } },
      { "./": { Packages: a2, Sources: sourceOf("2", "b") } },
    );
    expect(changes).toEqual(["upgraded a 2 ./ -", "upgraded s 2 ./ - source"]);
  });

  test("sources of a section are compared like packages", async () => {
    const name = "main/source/Sources";
    const { changes } = await compare(
      { stable: { [name]: sourceOf("1", "a") } },
      { stable: { [name]: sourceOf("1", "b") } },
    );
    expect(changes).toEqual(["changed-bytes s 1 stable main source"]);
  });
});

const wholes = (tree: TreePackages): TreePackages => ({ ...tree, contents: undefined });

const open = (suite: string, name: string, text: string, reading: ContentsReading) =>
  packagesOf({ contents: openTree(treeOf({ [suite]: { [name]: text } }), [suite], reading), reading });

describe("reading only what differs", () => {
  test("finds what reading everything finds, in the same order", async () => {
    const places = constantFrom(["stable", main], ["./", "Packages"], ["stable", "main/source/Sources"]);
    const readings = constantFrom<ContentsReading>(
      noFilters,
      { ...noFilters, filters: { keepVersions: 0, excludePatterns: [/^b/] } },
      { ...noFilters, missing: ["pool/a_1"] },
    );
    await assert(
      asyncProperty(
        places,
        twoVersions,
        readings,
        async ([suite = "", name = ""], [before, after], reading) => {
          const old = open(suite, name, before, reading);
          const present = open(suite, name, after, reading);
          const changes = await compareTrees(old, present);
          expect(changes).toEqual(await compareTrees(wholes(old), wholes(present)));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  const many = Array.from({ length: 2_000 }, (_, nth) => stanzaOf(`p${nth}`, "1", "Note: x\n"));

  test.each<[string, readonly string[], readonly string[]]>([
    ["packages that are new, gone and replaced", many.with(700, stanzaOf("p700", "2")).toSpliced(3, 1), []],
    ["versions beside one that stays far away", many.toSpliced(1_500, 0, stanzaOf("p3", "2")), []],
    ["the order of versions", [...many.slice(1), ...many.slice(0, 1)], many],
  ])("compares %s in a long index", async (_, after, more) => {
    const old = open("stable", main, [...many, ...more].join(""), noFilters);
    const present = open("stable", main, [...after, ...more].join(""), noFilters);
    expect(await compareTrees(old, present)).toEqual(await compareTrees(wholes(old), wholes(present)));
  });

  test("reads everything of indices that have hardly a stanza in common", async () => {
    const texts = ["1", "2"].map((version) =>
      Array.from({ length: 16_000 }, (_, nth) => `Package: p${nth}\nVersion: ${version}\n\n`).join(""),
    );
    const [old, present] = texts.map((text) => open("stable", main, text, noFilters));
    if (old === undefined || present === undefined) throw new Error("there are two trees");
    const changes = await compareTrees(old, present);
    expect(changes).toHaveLength(16_000);
    expect(changes).toEqual(await compareTrees(wholes(old), wholes(present)));
  });
});
