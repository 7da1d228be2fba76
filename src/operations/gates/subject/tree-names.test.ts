import { expect, test } from "vitest";
import { build } from "../../../changes/changes.fixture.ts";
import { noFilters, openTree, stanzaOf, treeOf } from "../../../contents/contents.fixture.ts";
import type { ContentsReading } from "../../../contents/index.ts";
import type { FoundTree } from "../../trees/index.ts";
import { compareTrees } from "../../trees/index.ts";
import { packagesOf } from "../../trees/tree-packages.ts";
import { NameCensus } from "./tree-names.ts";

type Suites = Parameters<typeof treeOf>[0];

const main = "main/binary-amd64/Packages";
const [a1, a2, b1] = [stanzaOf("a", "1"), stanzaOf("a", "2"), stanzaOf("b", "1")];

const found = (path: string): FoundTree => ({
  name: path,
  path,
  facts: undefined,
  suites: [],
  assertUnchanged: () => undefined,
});

/** Opens trees in memory, by name, and says what was read of each. */
function openTrees(trees: Readonly<Record<string, Suites>>, reading: ContentsReading = noFilters) {
  const files = new Map(Object.entries(trees).map(([name, suites]) => [name, treeOf(suites)]));
  const census = new NameCensus(({ path }: Pick<FoundTree, "path">) => {
    const [tree, suites] = [files.get(path), trees[path]];
    if (tree === undefined || suites === undefined) throw new Error(path);
    return packagesOf({ contents: openTree(tree, Object.keys(suites), reading), reading });
  });
  return { census, reads: (name: string) => files.get(name)?.reads };
}

test("counts a package that several indices list once, and each of its versions", async () => {
  const { census } = openTrees({ one: { stable: { [main]: a1 + b1 }, updates: { [main]: a1 + a2 } } });
  const { packages, byArchitecture } = await census.namesOf(found("one"));
  expect(packages).toBe(3);
  expect(byArchitecture).toEqual(
    new Map([
      [
        "amd64",
        new Map([
          ["a", "2"],
          ["b", "1"],
        ]),
      ],
    ]),
  );
});

test("knows of a version that is listed twice the bytes that clients get", async () => {
  const other = a1.replace(/SHA256: \w+/, `SHA256: ${"b".repeat(64)}`);
  const { census } = openTrees({ one: { stable: { [main]: a1 + b1 + other } } });
  const { digestOf } = await census.namesOf(found("one"));
  const [digest] = /\w{64}/.exec(a1) ?? [];
  expect(digestOf(build("a 1"))).toBe(digest);
});

test("reads nothing twice: neither after a comparison, nor what two trees share", async () => {
  const shared = { security: { [main]: b1 } };
  const { census, reads } = openTrees({
    old: { stable: { [main]: a1 }, ...shared },
    new: { stable: { [main]: a2 }, ...shared },
  });
  const [old, present] = [found("old"), found("new")];
  await compareTrees(census.open(old), census.open(present));
  const names = await census.namesOf(present);
  expect(names.byArchitecture.get("amd64")).toEqual(
    new Map([
      ["a", "2"],
      ["b", "1"],
    ]),
  );
  expect((await census.namesOf(old)).byArchitecture.get("amd64")).toEqual(
    new Map([
      ["a", "1"],
      ["b", "1"],
    ]),
  );
  expect(reads("new")).toEqual([`dists/stable/${main}`, `dists/security/${main}`]);
  expect(reads("old")).toEqual([`dists/stable/${main}`]);
});

test("counts what the filters keep", async () => {
  const filters = { keepVersions: 1, excludePatterns: [/^b/] };
  const { census } = openTrees({ one: { stable: { [main]: a1 + a2 + b1 } } }, { ...noFilters, filters });
  expect(await census.namesOf(found("one"))).toMatchObject({ packages: 1 });
});
