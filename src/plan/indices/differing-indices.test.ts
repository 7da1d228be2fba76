import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseRelease, Suite } from "../../repository/index.ts";
import { differingIndices, digestIndices, listsPackages, type SuiteOfTree } from "./differing-indices.ts";
import { usualKinds } from "./select-indices.fixture.ts";

const selection = { sections: ["main"], architectures: ["amd64"], source: true, kinds: usualKinds };

/** A suite whose Release lists each name with a digest of that letter. */
function suite(files: Readonly<Record<string, string>>, more: Partial<SuiteOfTree> = {}): SuiteOfTree {
  const lines = Object.entries(files).map(([name, letter]) => ` ${letter.repeat(64)} 1 ${name}\n`);
  const release = parseRelease(
    `Architectures: amd64\nComponents: main\nSHA256:\n${lines.join("")}`,
    "Release",
  );
  return { suite: new Suite("stable"), release, selection, ...more };
}

const base = {
  "main/binary-amd64/Packages": "a",
  "main/binary-amd64/Packages.xz": "b",
  "main/i18n/Translation-en.xz": "c",
};
const packages = "main/binary-amd64/Packages";
const translation = "main/i18n/Translation-en";

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ["nothing", {}, []],
  ["an index", { [packages]: "e", [`${packages}.xz`]: "e" }, [packages]],
  ["an index that is listed compressed alone", { [`${translation}.xz`]: "e" }, [translation]],
  ["not an index that was only recompressed", { [`${packages}.xz`]: "e" }, []],
  [
    "not an index that neither tree selects",
    { "contrib/binary-amd64/Packages": "e", "main/binary-arm64/Packages": "e" },
    [],
  ],
  ["an index that the other lacks", { "main/source/Sources.xz": "e" }, ["main/source/Sources"]],
])("finds %s", (_what, changes, names) => {
  const [one, other] = [suite(base), suite({ ...base, ...changes })];
  for (const found of [differingIndices(one, other), differingIndices(other, one)])
    expect(found.map(({ name }) => name)).toEqual(names);
});

test("finds an index of which the two have no form in common", () => {
  const other = suite({ [packages]: "a", [`${translation}.gz`]: "d", [`${packages}.xz`]: "b" });
  expect(differingIndices(suite(base), other).map(({ name }) => name)).toEqual([translation]);
});

test("compares what each tree selected, or everything if that is unknown", () => {
  const narrow = { ...selection, kinds: { ...usualKinds, translations: false } };
  expect(differingIndices(suite(base), suite(base, { selection: narrow })).map(({ name }) => name)).toEqual([
    translation,
  ]);
  const all = { selection: undefined };
  expect(differingIndices(suite(base, all), suite(base, all))).toEqual([]);
  const changed = { ...base, "contrib/binary-amd64/Packages": "e" };
  expect(differingIndices(suite(base, all), suite(changed, all)).map(({ name }) => name)).toEqual([
    "contrib/binary-amd64/Packages",
  ]);
});

const anyFiles = fc
  .dictionary(
    fc.constantFrom(packages, "main/source/Sources", translation, "main/Contents-amd64", "contrib/x"),
    fc.constantFrom("a", "b"),
  )
  .map((plain) => ({
    ...plain,
    ...Object.fromEntries(Object.keys(plain).map((name) => [`${name}.xz`, "c"])),
  }));

test("finds as many differences by digests as in the Releases", () => {
  fc.assert(
    fc.property(anyFiles, anyFiles, (a, b) => {
      const [one, other] = [suite(a), suite(b)];
      const [ofOne, ofOther] = [digestIndices(one), digestIndices(other)];
      const found = differingIndices(one, other);
      expect(ofOne.packages === ofOther.packages).toBe(!found.some(listsPackages));
      expect(ofOne.others === ofOther.others).toBe(found.every(listsPackages));
    }),
  );
});

test("has no digest of indices that are listed compressed alone", () => {
  const { packages: ofPackages, others } = digestIndices(suite(base));
  expect(ofPackages).toMatch(/^[0-9a-f]{64}$/);
  expect(others).toBeUndefined();
});
