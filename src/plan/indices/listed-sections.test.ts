import { describe, expect, test } from "vitest";
import { select, shown } from "./select-indices.fixture.ts";

describe("if Components has a prefix, as in debian-security,", () => {
  const fields = "Components: updates/main updates/contrib\n";

  test.each([
    ["main", "main/binary-amd64/Packages"],
    ["updates/main", "main/binary-amd64/Packages"],
    ["main", "updates/main/binary-amd64/Packages"],
    ["updates/main", "updates/main/binary-amd64/Packages"],
  ])("section %s means what is listed: %s", (section, name) => {
    expect(shown([name, "xmain/binary-amd64/Packages"], { sections: [section] }, fields)).toEqual([
      `packages! ${name}`,
    ]);
  });

  test("both spellings of a section are the same", () => {
    const selection = { sections: ["main", "updates/main"], source: true };
    const { indices, notes } = select(["main/binary-amd64/Packages"], selection, fields);
    expect([indices.length, notes]).toEqual([1, [{ kind: "sources-lacking", section: "main" }]]);
  });

  test.each([
    ["contri", ["updates/contrib/binary-amd64/Packages"]],
    ["ain", ["updates/main/binary-amd64/Packages"]],
    ["backports/main", ["main/binary-amd64/Packages"]],
  ])("section %s is not one of %j", (section, names) => {
    expect(() => shown(names, { sections: [section] }, fields)).toThrow(
      expect.objectContaining({ code: "SECTION_NOT_LISTED" }),
    );
  });

  test("a declared section without indices is empty", () => {
    expect(shown(["xmain/binary-amd64/Packages"], { sections: ["main"] }, fields)).toEqual([]);
  });
});
