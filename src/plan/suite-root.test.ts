import { expect, test } from "vitest";
import { isFlat, suiteRoot } from "./suite-root.ts";

test.each([
  ["noble", "dists/noble", false],
  ["bookworm-security", "dists/bookworm-security", false],
  ["stable/updates", "dists/stable/updates", false],
  ["/", "", true],
  ["./", "", true],
  ["sub/", "sub", true],
  ["./sub/", "sub", true],
  ["a/b/", "a/b", true],
])("suite %s has its Release in %j", (suite, root, flat) => {
  expect([suiteRoot(suite), isFlat(suite)]).toEqual([root, flat]);
});

test.each(["../", "a/../b", "../x"])("suite %s has none", (suite) => {
  expect(() => suiteRoot(suite)).toThrow(expect.objectContaining({ code: "PATH_UNSAFE" }));
});
