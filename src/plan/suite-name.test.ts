import { describe, expect, test } from "vitest";
import { select } from "./select-indices.fixture.ts";

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
