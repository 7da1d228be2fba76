import { expect, test } from "vitest";
import { noFilters, openTree, stanzaOf, treeOf } from "../../contents/contents.fixture.ts";
import { packagesOf } from "../trees/tree-packages.ts";
import { countNames } from "./tree-names.ts";

test("counts a package that several indices list once, and each of its versions", async () => {
  const [a1, a2, b1] = [stanzaOf("a", "1"), stanzaOf("a", "2"), stanzaOf("b", "1")];
  const suites = {
    stable: { "main/binary-amd64/Packages": a1 + b1 },
    updates: { "main/binary-amd64/Packages": a1 + a2 },
  };
  const contents = openTree(treeOf(suites), Object.keys(suites), noFilters);
  const { packages, names } = await countNames(packagesOf({ contents, reading: noFilters }));
  expect(packages).toBe(3);
  expect([...names]).toEqual(["a", "b"]);
});
