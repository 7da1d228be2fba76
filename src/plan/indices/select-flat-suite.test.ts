import { describe, expect, test } from "vitest";
import { select, shown, usualKinds } from "./select-indices.fixture.ts";

describe("of a flat suite", () => {
  const flat = [
    "Contents-amd64.gz",
    "Packages",
    "Packages.gz",
    "Sources.gz",
    "Translation-en.xz",
    "de.xz",
    "pt_BR.bz2",
    "sr@latin",
    "readme",
    "sub/Packages",
  ];

  test.each(["/", "./", "sub/", "a/b/"])("selects what is beside the Release of %s", (suite) => {
    expect(shown(flat, { suite, sections: [], architectures: [] })).toEqual([
      "contents Contents-amd64",
      "packages! Packages",
      "translation Translation-en",
      "translation de",
      "translation pt_BR",
      "translation sr@latin",
    ]);
  });

  test("selects Sources with source, and follows the kinds", () => {
    const kinds = { ...usualKinds, contents: false, translations: false };
    expect(shown(flat, { suite: "/", source: true, kinds })).toEqual([
      "packages! Packages",
      "sources! Sources",
    ]);
  });

  test("without Packages is an error that names what is listed", () => {
    const listed = ["main/binary-amd64/Packages", "Sources", "en"];
    expect(() => select(listed, { suite: "/" })).toThrow(
      expect.objectContaining({
        code: "SECTION_NOT_LISTED",
        facts: expect.objectContaining({ listed }),
      }),
    );
  });
});
