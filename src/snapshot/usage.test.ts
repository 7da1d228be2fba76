import { linkSync, mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { directoryForTest, makeTree } from "./test-support.ts";
import { measureUsage } from "./usage.ts";

const { signal } = new AbortController();

test("measures the tree's own bytes apart from those that other trees share", async () => {
  const directory = await directoryForTest();
  makeTree(directory.path, { "one/own": "1", "one/twice": "22", "one/shared": "333", "one/copied": "4444" });
  for (const name of ["store", "two", "one/by-hash"]) mkdirSync(directory.join(name));
  // In the store and here; in the store and twice here; in the store, here and in another tree; only here.
  linkSync(directory.join("one/own"), directory.join("store/1"));
  linkSync(directory.join("one/twice"), directory.join("store/2"));
  linkSync(directory.join("one/twice"), directory.join("one/by-hash/2"));
  linkSync(directory.join("one/shared"), directory.join("store/3"));
  linkSync(directory.join("one/shared"), directory.join("two/shared"));

  expect(await measureUsage(directory.join("one"), signal)).toEqual({
    uniqueBytes: 1 + 2 + 4,
    sharedBytes: 3,
  });
  expect(await measureUsage(directory.join("two"), signal)).toEqual({ uniqueBytes: 0, sharedBytes: 3 });
});
