import { describe, expect, test } from "vitest";
import { select } from "./select-indices.fixture.ts";
import { foreignNames } from "./suite-name.ts";

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
])("asked for %s, a Release of %s and %s bears the foreign names %j", (requested, suite, codename, names) => {
  expect(foreignNames({ suite, codename }, requested)).toEqual(names);
});

const notesOf = (suite: string, fields: string) =>
  select(suite.endsWith("/") ? ["Packages"] : ["main/binary-amd64/Packages"], { suite }, fields).notes;

describe("the name of the suite", () => {
  test.each([
    ["bookworm", "Suite: oldstable\nCodename: bookworm\n"],
    ["oldstable", "Suite: oldstable\nCodename: bookworm\n"],
    ["stable/updates", "Suite: stable\nCodename: bookworm\n"],
    ["stable", ""],
    ["sub/", "Suite: other\n"],
  ])("%s agrees with %j", (suite, fields) => {
    expect(notesOf(suite, fields)).toEqual([]);
  });

  test("which Release does not know is noted, as apt warns of it", () => {
    expect(notesOf("noble", "Suite: stable\nCodename: bookworm\n")).toEqual([
      { kind: "other-names", names: ["stable", "bookworm"] },
    ]);
  });
});
