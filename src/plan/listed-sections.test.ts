import { describe, expect, test } from "vitest";
import { noble, select, shown } from "./select-indices.fixture.ts";

describe("where Components has a prefix, as debian-security", () => {
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

  test("both spellings of a section are one", () => {
    const selection = { sections: ["main", "updates/main"], source: true };
    const { indices, warnings } = select(["main/binary-amd64/Packages"], selection, fields);
    expect([indices.length, warnings]).toEqual([1, ["stable: section main lists no Sources"]]);
  });

  test.each([
    ["main", ["xmain/binary-amd64/Packages"]],
    ["ain", ["updates/main/binary-amd64/Packages"]],
    ["updates/contrib", ["main/binary-amd64/Packages"]],
    ["backports/main", ["main/binary-amd64/Packages"]],
  ])("section %s is none of %j", (section, names) => {
    expect(() => shown(names, { sections: [section] }, fields)).toThrow(
      expect.objectContaining({ code: "SECTION_NOT_LISTED" }),
    );
  });
});

describe("what is not listed", () => {
  test("a section is an error that names those listed", () => {
    expect(() => select(noble, { sections: ["main", "restricted"] })).toThrow(
      expect.objectContaining({
        code: "SECTION_NOT_LISTED",
        message:
          "stable: Release lists no indices for section restricted; it lists main, main/debian-installer, universe, xmain",
        facts: expect.objectContaining({ section: "restricted" }),
      }),
    );
  });

  test("an architecture is an error that names those listed, whatever the field Architectures says", () => {
    expect(() =>
      select(noble, { architectures: ["amd64", "arm64"] }, "Architectures: amd64 arm64\n"),
    ).toThrow(
      expect.objectContaining({
        code: "ARCHITECTURE_NOT_LISTED",
        message: "stable: Release lists no indices for architecture arm64; it lists all, amd64, i386",
      }),
    );
  });

  test("an architecture is a warning where all that there is is for all of them", () => {
    const { indices, warnings } = select(["main/binary-all/Packages", "main/source/Sources"]);
    expect(indices.map(({ name }) => name)).toEqual(["main/binary-all/Packages"]);
    expect(warnings).toContain("stable: section main lists no architecture amd64");
  });

  test("source alone is no architecture", () => {
    expect(() => select(["main/source/Sources"], { source: true })).toThrow(
      expect.objectContaining({
        code: "ARCHITECTURE_NOT_LISTED",
        message: expect.stringMatching(/lists none$/),
      }),
    );
  });

  test("an architecture that only one of the sections has is a warning for the other", () => {
    const { warnings } = select(noble, { sections: ["main", "universe"], architectures: ["i386"] });
    expect(warnings).toEqual(["stable: section universe lists no architecture i386"]);
  });

  test("Sources is a warning where source is wanted", () => {
    const names = ["main/binary-amd64/Packages"];
    expect(select(names, { source: true }).warnings).toEqual(["stable: section main lists no Sources"]);
    expect(select(names).warnings).toEqual([]);
  });

  test("the uncompressed name of Packages is a warning, as apt then takes the index for absent", () => {
    const { warnings } = select(["main/binary-amd64/Packages.xz", "main/i18n/Translation-en.xz"]);
    expect(warnings).toEqual([expect.stringContaining("main/binary-amd64/Packages are listed")]);
  });
});
