import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareVersions } from "../repository/index.ts";
import { countsVersions, filterPackages, filtersPackages } from "./filter-packages.ts";

/** Reads `name_version_architecture`, as in file names, or with `_variant`. */
function packageOf(text: string) {
  const [name = "", version = "", architecture = "", variant] = text.split("_");
  return { name, version, architecture, ...(variant === undefined ? {} : { variant }) };
}

const filter = (texts: readonly string[], filters: { keepVersions?: number; excludePatterns?: RegExp[] }) =>
  filterPackages(texts.map(packageOf), { keepVersions: 0, excludePatterns: [], ...filters }).map((item) =>
    Object.values(item).join("_"),
  );

describe("without filters", () => {
  test("returns the list itself", () => {
    const packages = ["a_1_amd64"].map(packageOf);
    expect(filterPackages(packages, { keepVersions: 0, excludePatterns: [] })).toBe(packages);
  });

  test.each([
    [{ keepVersions: 0, excludePatterns: [] }, false],
    [{ keepVersions: 1, excludePatterns: [] }, true],
    [{ keepVersions: 0, excludePatterns: [/x/] }, true],
  ])("%j filters: %s", (filters, answer) => {
    expect(filtersPackages(filters)).toBe(answer);
  });
});

/** Reads `name_version_architecture`, and a fourth and a fifth part of the source: its name and version. */
function builtOf(text: string) {
  const [name = "", version = "", architecture = "", sourceName, sourceVersion = version] = text.split("_");
  return {
    text,
    name,
    version,
    architecture,
    ...(sourceName === undefined ? {} : { sourceName, sourceVersion }),
  };
}

const keepSources = (keepSourceVersions: number, texts: readonly string[], others = {}) => {
  const filters = { keepVersions: 0, keepSourceVersions, excludePatterns: [], ...others };
  return filterPackages(texts.map(builtOf), filters).map(({ text }) => text);
};

describe("keep_source_versions", () => {
  const kernels = [
    "linux-image-6.8.0-9_6.8.0-9.1_amd64_linux",
    "linux-headers-6.8.0-9_6.8.0-9.1_all_linux",
    "linux-image-6.8.0-10_6.8.0-10.1_amd64_linux",
    "linux-headers-6.8.0-10_6.8.0-10.1_all_linux",
    "linux-image-6.8.0-11_6.8.0-11.1_amd64_linux",
    "linux-headers-6.8.0-11_6.8.0-11.1_all_linux",
  ];

  test("keeps all that was built from the newest versions, whatever its name is", () => {
    expect(keepSources(1, kernels)).toEqual(kernels.slice(4));
    expect(keepSources(2, kernels)).toEqual(kernels.slice(2));
    expect(keepSources(3, kernels)).toEqual(kernels);
  });

  test.each([
    [
      "counts the versions of the source, not of its packages",
      1,
      ["a_1+b1_amd64_s_1", "b_7_amd64_s_1", "a_1_amd64_s_1"],
      3,
    ],
    ["counts sources by name", 1, ["a_1_amd64_s", "a_2_amd64_t"], 2],
    ["takes any text for a name", 1, ["a b_1_amd64", "a_2_amd64", "a \n\nb_1_all_a b"], 3],
    ["takes a package without Source for its own", 1, ["a_2_amd64", "a_1_source", "a_1_amd64_a_2"], 3],
    ["counts two spellings of one version once", 1, ["a_1.0_amd64_s", "b_1.00_amd64_s", "c_1.0_all_s"], 3],
  ])("%s", (_, count, texts, kept) => {
    expect(keepSources(count, texts)).toHaveLength(kept);
  });

  test("leaves an architecture that is built later its version, and what fits that", () => {
    const texts = [
      "a_2_amd64_s",
      "a_1_amd64_s",
      "a-data_2_all_s",
      "a-data_1_all_s",
      "a-data_0_all_s",
      "a_1_arm64_s",
    ];
    expect(keepSources(1, texts)).toEqual([
      "a_2_amd64_s",
      "a_1_amd64_s",
      "a-data_2_all_s",
      "a-data_1_all_s",
      "a_1_arm64_s",
    ]);
  });

  test("leaves the rest to keep_versions", () => {
    const texts = ["a_3_amd64_s", "a_2_amd64_s", "b_1_amd64"];
    expect(keepSources(2, texts, { keepVersions: 1 })).toEqual(["a_3_amd64_s", "b_1_amd64"]);
  });

  test("is a filter", () => {
    expect(filtersPackages({ keepVersions: 0, keepSourceVersions: 1, excludePatterns: [] })).toBe(true);
    expect(countsVersions({ keepVersions: 0, keepSourceVersions: 1, excludePatterns: [] })).toBe(true);
    expect(countsVersions({ keepVersions: 0, excludePatterns: [/x/] })).toBe(false);
  });
});

describe("keep_versions", () => {
  test.each([
    [
      "keeps the newest by dpkg's order",
      1,
      ["a_1.9_amd64", "a_1.10_amd64", "a_1.10~rc1_amd64"],
      ["a_1.10_amd64"],
    ],
    ["compares epochs", 1, ["a_2.0_amd64", "a_1:0.1_amd64"], ["a_1:0.1_amd64"]],
    ["keeps the given order", 2, ["a_1_amd64", "a_3_amd64", "a_2_amd64"], ["a_3_amd64", "a_2_amd64"]],
    ["counts each architecture", 1, ["a_1_amd64", "a_2_i386", "a_1_i386"], ["a_1_amd64", "a_2_i386"]],
    [
      "counts each variant",
      1,
      ["a_2_amd64", "a_1_amd64", "a_1_amd64_amd64v3", "a_0_amd64_amd64v3"],
      ["a_2_amd64", "a_1_amd64_amd64v3"],
    ],
    ["counts each name", 1, ["a_1_amd64", "b_2_amd64"], ["a_1_amd64", "b_2_amd64"]],
    ["counts sources", 1, ["a_1_source", "a_2_source", "a_1_amd64"], ["a_2_source", "a_1_amd64"]],
    [
      "counts a package that several indices list once",
      2,
      ["a_2_all", "a_2_all", "a_2_all", "a_1_all"],
      ["a_2_all", "a_2_all", "a_2_all", "a_1_all"],
    ],
    [
      "counts two spellings of one version once, and keeps both",
      2,
      ["a_1.0_all", "a_1.00_all", "a_0.9_all", "a_0.8_all"],
      ["a_1.0_all", "a_1.00_all", "a_0.9_all"],
    ],
    ["keeps all if there are fewer", 5, ["a_1_all", "a_2_all"], ["a_1_all", "a_2_all"]],
  ])("%s", (_, keepVersions, given, kept) => {
    expect(filter(given, { keepVersions })).toEqual(kept);
  });

  test("keeps N versions of each group, and none older than one left out", () => {
    const item = fc.record({
      name: fc.constantFrom("a", "b"),
      version: fc.constantFrom("1", "1.0", "1.00", "2~", "2", "1:0", "10"),
      architecture: fc.constantFrom("all", "amd64"),
      variant: fc.constantFrom(undefined, "amd64v3"),
    });
    fc.assert(
      fc.property(fc.array(item), fc.integer({ min: 1, max: 4 }), (packages, keepVersions) => {
        const kept = new Set(filterPackages(packages, { keepVersions, excludePatterns: [] }));
        for (const one of packages) {
          const newer = packages
            .filter(({ name }) => name === one.name)
            .filter(({ architecture }) => architecture === one.architecture)
            .filter(({ variant }) => variant === one.variant)
            .map(({ version }) => version)
            .filter((version) => compareVersions(version, one.version) > 0)
            .toSorted(compareVersions);
          const distinct = newer.filter(
            (version, at) => compareVersions(version, newer[at - 1] ?? "~") !== 0,
          );
          expect(kept.has(one)).toBe(distinct.length < keepVersions);
        }
      }),
    );
  });
});

describe("exclude_patterns", () => {
  const given = ["hello_1.0-1_amd64", "hello-dbg_1.0-1_amd64", "othello_2.0_amd64"];

  test.each([
    ["anywhere in the name", [/dbg/], ["hello_1.0-1_amd64", "othello_2.0_amd64"]],
    [
      "at the end of the name, though a version follows",
      [/-dbg$/],
      ["hello_1.0-1_amd64", "othello_2.0_amd64"],
    ],
    ["the whole name", [/^hello$/], ["hello-dbg_1.0-1_amd64", "othello_2.0_amd64"]],
    ["name and version", [/^hello.*_1\.0-1$/], ["othello_2.0_amd64"]],
    ["with one of several", [/^other$/, /^othello_2/], ["hello_1.0-1_amd64", "hello-dbg_1.0-1_amd64"]],
    ["never the architecture", [/amd64/], given],
  ])("match %s", (_, excludePatterns, kept) => {
    expect(filter(given, { excludePatterns })).toEqual(kept);
  });

  test("are applied before versions are counted", () => {
    const filters = { keepVersions: 1, excludePatterns: [/~rc/] };
    expect(filter(["a_1_all", "a_2~rc1_all"], filters)).toEqual(["a_1_all"]);
  });
});
