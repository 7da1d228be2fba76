/** Laws of the difference between two trees, for any lists of packages. */
import {
  type Arbitrary,
  array,
  assert,
  constantFrom,
  property,
  record,
  shuffledSubarray,
  tuple,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { compareIndex } from "../../src/changes/changes.fixture.ts";
import { comparePackage } from "../../src/changes/compare-package.ts";
import {
  type ChangeKind,
  combineChanges,
  type IndexChange,
  type PackageBuild,
  type PackageChange,
  type Place,
} from "../../src/changes/index.ts";

const places: readonly Place[] = [
  { suite: "stable", section: "main", architecture: "amd64" },
  { suite: "stable", section: "contrib", architecture: "amd64" },
  { suite: "stable", section: "main", architecture: "arm64" },
  { suite: "updates", section: "main", architecture: "amd64" },
  { suite: "stable", section: "main", architecture: "amd64v3" },
  { suite: "./", section: undefined, architecture: undefined },
];

const builds: Arbitrary<PackageBuild> = record({
  name: constantFrom("a", "b", "c"),
  version: constantFrom("1", "1.0", "1~rc1", "1+b1", "1+b2", "2", "1:0.5", "10"),
  architecture: constantFrom("amd64", "all"),
  variant: constantFrom(undefined, undefined, "amd64v3"),
  sourceField: constantFrom(undefined, "s (1)"),
  digest: constantFrom("x", "y", "z"),
  builtUsing: constantFrom(undefined, "go (= 1)", "go (= 2)"),
});

const tree = tuple(...places.map(() => array(builds, { maxLength: 4 })));
type Tree = readonly (readonly PackageBuild[])[];

const changesOf = (before: Tree, after: Tree): readonly PackageChange[] => {
  const changes = places.flatMap((place, at) => compareIndex(place, before[at] ?? [], after[at] ?? []));
  return combineChanges(changes).sources.flatMap((source) => source.changes);
};

/** What a change is called if the trees are exchanged. */
const mirrored: Readonly<Record<ChangeKind, readonly ChangeKind[]>> = {
  downgraded: ["upgraded", "rebuilt"],
  upgraded: ["downgraded"],
  rebuilt: ["downgraded", "rebuilt"],
  removed: ["added"],
  added: ["removed"],
  "changed-bytes": ["changed-bytes"],
  moved: ["moved"],
  "version-added": ["version-removed"],
  "version-removed": ["version-added"],
};

const idOf = (build: PackageBuild | undefined): string =>
  build === undefined
    ? "-"
    : [build.name, build.version, build.architecture, build.variant, build.digest].join(" ");

/** Where a package was, where it is, and which two builds; the same from both sides. */
function textOf(change: PackageChange, isReversed: boolean): string {
  const { suite, section, movedFrom, before, after, architectures } = change;
  const [to, from] = [{ suite, section }, movedFrom ?? { suite, section }].map(
    (place) => `${place.suite}/${place.section}`,
  );
  const [one, other] = [
    [from, idOf(before)],
    [to, idOf(after)],
  ];
  return [...(isReversed ? [other, one] : [one, other]), architectures].flat().join(" | ");
}

const inOrder = (changes: readonly IndexChange[]): readonly string[] =>
  changes.map((one) => JSON.stringify(one)).toSorted();

describe("the difference between two trees", () => {
  test("is empty for a tree and itself", () => {
    assert(
      property(tree, (one) => {
        expect(changesOf(one, one)).toEqual([]);
      }),
    );
  });

  test("is the same from both sides, with the opposite kinds", () => {
    assert(
      property(tree, tree, (one, other) => {
        const [there, back] = [changesOf(one, other), changesOf(other, one)];
        expect(there.map((change) => textOf(change, false)).toSorted()).toEqual(
          back.map((change) => textOf(change, true)).toSorted(),
        );
        const kindsBack = new Map(back.map((change) => [textOf(change, true), change.kind]));
        for (const change of there)
          expect(mirrored[change.kind]).toContain(kindsBack.get(textOf(change, false)));
      }),
    );
  });

  test("is that of each package, all of whose builds are compared", () => {
    const lists = array(builds, { maxLength: 8 }).chain((before) =>
      tuple(shuffledSubarray(before), array(builds, { maxLength: 2 })).map(([staying, come]) => ({
        before,
        after: [...staying, ...come],
      })),
    );
    assert(
      property(constantFrom(...places), lists, (place, { before, after }) => {
        const keyOf = ({ name, architecture, variant = "" }: PackageBuild): string =>
          place.architecture === undefined ? [name, architecture, variant].join(" ") : name;
        const [old, present] = [Map.groupBy(before, keyOf), Map.groupBy(after, keyOf)];
        const expected = [...new Set([...old.keys(), ...present.keys()])].flatMap((key) =>
          comparePackage(place, old.get(key) ?? [], present.get(key) ?? []),
        );
        expect(inOrder(compareIndex(place, before, after))).toEqual(inOrder(expected));
      }),
      { numRuns: 2_000 },
    );
  });

  test("is not empty if the newest version of a package differs", () => {
    assert(
      property(builds, builds, (one, other) => {
        const isSame = idOf(one) === idOf(other);
        expect(changesOf([[one]], [[other]]).length > 0).toBe(!isSame);
      }),
    );
  });
});
