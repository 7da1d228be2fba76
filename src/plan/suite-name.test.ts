import { expect, test } from "vitest";
import { foreignNames } from "./suite-name.ts";

test.each<[requested: string, suite: string | undefined, codename: string | undefined, names: string[]]>([
  ["noble", "noble", "noble", []],
  ["noble-security", "noble-security", "noble", []],
  ["noble-security", "noble", "noble", ["noble", "noble"]],
  ["bookworm", "oldstable", "bookworm", []],
  ["stable", "stable", "trixie", []],
  ["bookworm", "stable", "trixie", ["stable", "trixie"]],
  ["stable/updates", "stable", undefined, []],
  ["jammy", "stable", undefined, ["stable"]],
  ["jammy", undefined, undefined, []],
  ["./", "stable", "trixie", []],
])("asked for %s, a Release of %s and %s bears the foreign names %j", (requested, suite, codename, names) => {
  expect(foreignNames({ suite, codename }, requested)).toEqual(names);
});
