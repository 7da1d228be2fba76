import { describe, expect, test } from "vitest";
import { normalizePath } from "./paths.ts";
import { Suite } from "./suite.ts";

describe("a suite", () => {
  test.each([
    ["noble", "dists/noble", false],
    ["bookworm-security", "dists/bookworm-security", false],
    ["stable/updates", "dists/stable/updates", false],
    ["/", "", true],
    ["./", "", true],
    ["sub/", "sub", true],
    ["./sub/", "sub", true],
    ["a/b/", "a/b", true],
  ])("%s has its Release in %j", (name, root, isFlat) => {
    expect(new Suite(name)).toEqual({ name, root, isFlat });
  });

  test.each(["../", "a/../b", "../x"])("cannot be called %s", (name) => {
    expect(() => new Suite(name)).toThrow(expect.objectContaining({ code: "PATH_UNSAFE" }));
  });

  test.each([
    ["noble", "InRelease", "dists/noble/InRelease"],
    ["./", "Release.gpg", "Release.gpg"],
    ["sub/", "Packages", "sub/Packages"],
  ] as const)("%s has %s at %s", (suite, name, path) => {
    expect(new Suite(suite).path(normalizePath(name))).toBe(path);
  });
});

test.each<[requested: string, suite: string | undefined, codename: string | undefined, names: string[]]>([
  ["noble", "noble", "noble", []],
  ["noble-security", "noble-security", "noble", []],
  ["noble-security", "noble", "noble", ["noble", "noble"]],
  ["bookworm", "oldstable", "bookworm", []],
  ["stable", "stable", "trixie", []],
  ["bookworm", "stable", "trixie", ["stable", "trixie"]],
  ["stable/updates", "stable", undefined, []],
  ["stable/updates", "stable/updates", undefined, []],
  ["stable/updates", "oldstable", "stable/updates", []],
  ["stable/updates", "updates", undefined, ["updates"]],
  ["a/b/c", "a/b", undefined, []],
  ["a/b/c", "a", undefined, ["a"]],
  ["jammy", "stable", undefined, ["stable"]],
  ["jammy", undefined, undefined, []],
  ["./", "stable", "trixie", []],
])("for suite %s, the foreign names of a Release of %s and %s are %j", (name, suite, codename, names) => {
  expect(new Suite(name).foreignNames({ suite, codename })).toEqual(names);
});
