import { array, assert, constantFrom, property, record, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import type { RepositoryPath, Sha256 } from "../../repository/index.ts";
import { FilePlan } from "./file-plan.ts";
import { differenceOf, type HeldFile } from "./tree-difference.ts";

const held = (path: string, digit = "0", sizeBytes: number | undefined = 1): HeldFile => ({
  path: path as RepositoryPath,
  sha256: digit.repeat(64) as Sha256,
  sizeBytes,
});

function planOf(files: readonly HeldFile[], others: Readonly<Record<string, string>> = {}): FilePlan {
  const plan = new FilePlan([]);
  for (const { path, sha256, sizeBytes } of files)
    plan.add(
      { path, sizeBytes, digests: { ...(sha256 === undefined ? {} : { sha256 }), ...others } },
      "Packages",
    );
  return plan;
}

const pathsOf = (files: readonly { readonly path: string }[]): readonly string[] =>
  files.map(({ path }) => path);

function differ(before: readonly HeldFile[], after: readonly HeldFile[]) {
  const { gone, added } = differenceOf(before, planOf(after));
  return { gone: pathsOf(gone), added: pathsOf(added) };
}

test("finds what comes, goes and changes", () => {
  const before = [held("a"), held("b_1"), held("c"), held("d"), held("e"), held("f")];
  const after = [held("a"), held("b_2"), held("c", "1"), held("new"), held("e"), held("f", "0", 2)];
  expect(differ(before, after)).toEqual({
    gone: expect.toSatisfy((gone: string[]) => gone.toSorted().join(" ") === "b_1 c d f"),
    added: ["b_2", "c", "new", "f"],
  });
});

test("finds the same files in another order, however far apart", () => {
  const files = Array.from({ length: 200 }, (_, index) => held(`file${index}`));
  expect(differ(files, files.toReversed())).toEqual({ gone: [], added: [] });
  expect(differ(files, [...files.slice(100), ...files.slice(0, 100)])).toEqual({ gone: [], added: [] });
});

test("takes no file for the planned one without its SHA-256 or size", () => {
  const plan = planOf([held("a"), held("b")]);
  const { gone, added } = differenceOf(
    [
      { ...held("a"), sha256: undefined },
      { ...held("b"), sizeBytes: undefined },
    ],
    plan,
  );
  expect([pathsOf(gone), pathsOf(added)]).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
});

test("takes no file for the planned one if another digest decides too", () => {
  const plan = new FilePlan([]);
  const { path, sha256 = "" } = held("a");
  plan.add({ path, sizeBytes: 1, digests: { sha256 } }, "Packages");
  plan.add({ path, sizeBytes: 1, digests: { sha512: "1".repeat(128) } }, "amd64/Packages");
  expect(pathsOf(differenceOf([held("a")], plan).added)).toEqual(["a"]);
});

const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
const files = uniqueArray(record({ name: constantFrom(...letters), digit: constantFrom("0", "1") }), {
  selector: ({ name }) => name,
  maxLength: 26,
});

const unique = (list: readonly HeldFile[]): readonly HeldFile[] => [
  ...new Map(list.map((file) => [file.path, file])).values(),
];

const missingIn = (list: readonly HeldFile[]) => (file: HeldFile) =>
  !list.some(({ path, sha256 }) => path === file.path && sha256 === file.sha256);

test("finds the same as a look at every file", () => {
  assert(
    property(files, files, array(constantFrom("filler"), { maxLength: 3 }), (some, others, fillers) => {
      // Files that stay between those that change, more than are looked at ahead.
      const stays = (at: string) =>
        fillers.flatMap((filler) => Array.from({ length: 20 }, (_, index) => held(`${filler}${at}${index}`)));
      const listOf = (chosen: typeof some) =>
        chosen.flatMap(({ name, digit }) => [held(name, digit), ...(name < "d" ? stays(name) : [])]);
      const [before, after] = [unique(listOf(some)), unique(listOf(others))];
      const { gone, added } = differ(before, after);
      expect(gone.toSorted()).toEqual(pathsOf(before.filter(missingIn(after))).toSorted());
      expect(added).toEqual(pathsOf(after.filter(missingIn(before))));
    }),
  );
});
