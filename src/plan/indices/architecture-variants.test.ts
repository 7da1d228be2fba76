import { describe, expect, test } from "vitest";
import { Suite } from "../../repository/index.ts";
import { findVariantsLeftOut, isVariant, isVariantOf } from "./architecture-variants.ts";
import { releaseOf, selectSuites } from "./select-indices.fixture.ts";

const main = (...architectures: readonly string[]): string[] =>
  architectures.map((architecture) => `main/binary-${architecture}/Packages`);

const find = (
  suites: Readonly<Record<string, readonly string[]>>,
  architectures: readonly string[],
  fields = "",
) =>
  findVariantsLeftOut(
    Object.entries(suites).map(([suite, names]) => ({
      suite: new Suite(suite),
      release: releaseOf(names, fields),
    })),
    { sections: ["main"], architectures },
  );

test.each([
  ["amd64v3", "amd64", true],
  ["amd64v2", "amd64", true],
  ["arm64v9", "arm64", true],
  ["arm64v8.2", "arm64", true],
  ["amd64", "amd64", false],
  ["arm64", "arm", false],
  ["armhf", "arm", false],
  ["mips64el", "mips64", false],
  ["ppc64el", "ppc64", false],
  ["amd64v3", "arm64", false],
  ["amd64vm", "amd64", false],
  ["xamd64v3", "amd64", false],
])("%s is a variant of %s: %s", (name, architecture, expected) => {
  expect(isVariantOf(name, architecture)).toBe(expected);
});

test.each([
  ["amd64v3", true],
  ["arm64v8.2", true],
  ["amd64", false],
  ["source", false],
  ["v3", false],
])("%s has the level of a variant: %s", (name, expected) => {
  expect(isVariant(name)).toBe(expected);
});

describe("a variant of a selected architecture, not selected itself,", () => {
  test("is found with the suites that list it", () => {
    const suites = { noble: main("amd64"), stonking: main("amd64", "amd64v3"), next: main("amd64v3") };
    expect(find(suites, ["amd64"])).toEqual([
      { variant: "amd64v3", architecture: "amd64", suites: ["stonking", "next"] },
    ]);
  });

  test("is not found if it is selected, or its base is not", () => {
    const suites = { stonking: main("amd64", "amd64v3", "arm64") };
    expect(find(suites, ["amd64", "amd64v3"])).toEqual([]);
    expect(find(suites, ["arm64"])).toEqual([]);
    expect(find(suites, ["amd64v3"])).toEqual([]);
  });

  test("counts in the selected sections only, also with a prefix, and not in flat suites", () => {
    const universe = ["universe/binary-amd64v3/Packages"];
    expect(find({ stonking: [...main("amd64"), ...universe] }, ["amd64"])).toEqual([]);
    expect(find({ "sub/": main("amd64v3") }, ["amd64"])).toEqual([]);
    const prefixed = { security: ["updates/main/binary-amd64v3/Packages"] };
    expect(find(prefixed, ["amd64"], "Components: updates/main\n")).toHaveLength(1);
  });

  test("is not found if Release only declares it: clients skip what is not listed", () => {
    expect(find({ stonking: main("amd64") }, ["amd64"], "Architectures: amd64 amd64v3\n")).toEqual([]);
  });
});

describe("a selected variant", () => {
  test("is selected like an architecture, with its Contents", () => {
    const names = [...main("amd64", "amd64v3"), "main/Contents-amd64v3", "main/binary-amd64v3/Release"];
    const [selected] = selectSuites({ stonking: { names } }, { architectures: ["amd64", "amd64v3"] });
    expect(selected?.indices.map(({ name }) => name)).toEqual(names);
    expect(selected?.notes).toEqual([]);
  });

  test("is not noted if one suite lacks it, as in apt, and an error if all do", () => {
    const suites = { noble: { names: main("amd64") }, stonking: { names: main("amd64", "amd64v3") } };
    const architectures = ["amd64", "amd64v3"];
    expect(selectSuites(suites, { architectures }).map(({ notes }) => notes)).toEqual([[], []]);
    expect(() => selectSuites({ noble: suites.noble }, { architectures })).toThrow(
      expect.objectContaining({ code: "ARCHITECTURE_NOT_LISTED" }),
    );
  });

  test("is not noted if one section lacks it", () => {
    const names = [...main("amd64", "amd64v3"), "contrib/binary-amd64/Packages"];
    const selection = { sections: ["main", "contrib"], architectures: ["amd64", "amd64v3"] };
    const [selected] = selectSuites({ stonking: { names } }, selection);
    expect(selected?.notes).toEqual([]);
  });

  test("is noted for a suite that lacks it, if its base is not selected", () => {
    const suites = { noble: { names: main("amd64") }, stonking: { names: main("amd64v3") } };
    expect(selectSuites(suites, { architectures: ["amd64v3"] })[0]?.notes).toEqual([
      { kind: "architecture-lacking", architecture: "amd64v3", section: undefined },
    ]);
  });
});
