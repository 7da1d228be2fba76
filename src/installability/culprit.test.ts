import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate } from "./candidates.ts";
import { findCulprit, namesBehind } from "./culprit.ts";
import { splitField } from "./relations.ts";
import { Solver } from "./solver.ts";
import { type Machine, type Universe, UniverseBuilder } from "./universe.ts";
import { anyMachine, anyPackages, type Fields, packagesOf, stanzaOf } from "./universes.fixture.ts";

function universeOf(packages: readonly Fields[], machine: Machine): Universe {
  const builder = new UniverseBuilder(machine);
  for (const one of packages) builder.add(stanzaOf(one));
  return builder.build();
}

/** Keeps the packages of these names, and those that provide one. */
const relevant = (packages: readonly Fields[], names: ReadonlySet<string>): readonly Fields[] =>
  packages.filter(({ package: name = "", provides }) =>
    [name, ...splitField(provides).map((text) => text.replace(/ .*/, ""))].some((one) => names.has(one)),
  );

const native: Machine = { native: "amd64", foreign: [] };

/** Returns why "p" cannot be installed any more, as one line; undefined if no change explains it. */
function culpritOf(before: readonly string[], after: readonly string[]): string | undefined {
  const present = universeOf(packagesOf(...after), native);
  const [p] = present.named("p");
  if (p === undefined) throw new Error("p is gone");
  const verdict = new Solver(present).check(p);
  if (verdict.kind !== "uninstallable") return verdict.kind;
  const old = relevant(packagesOf(...before), namesBehind(verdict.reasons));
  const culprit = findCulprit(p, verdict.reasons, { before: universeOf(old, native), after: present });
  if (culprit === undefined) return undefined;
  const { role, relation, ...one } = culprit;
  const name = (one.before ?? one.after)?.name;
  return `${name} ${one.before?.version ?? "-"} -> ${one.after?.version ?? "-"} ${role} ${relation}`;
}

describe("finds the change that made a package uninstallable", () => {
  test.each<[string, readonly string[], readonly string[], string]>([
    [
      "a dependency removed",
      ["p 1; depends: q", "q 1; depends: r", "r 1"],
      ["p 1; depends: q", "q 1; depends: r"],
      "r 1 -> - offered r",
    ],
    [
      "a dependency upgraded past a bound",
      ["p 1; depends: q (<< 2)", "q 1"],
      ["p 1; depends: q (<< 2)", "q 2"],
      "q 1 -> 2 offered q (<< 2)",
    ],
    [
      "a dependency downgraded",
      ["p 1; depends: q (>= 2)", "q 2"],
      ["p 1; depends: q (>= 2)", "q 1"],
      "q 2 -> 1 offered q (>= 2)",
    ],
    [
      "a provider removed",
      ["p 1; depends: mta", "exim 1; provides: mta"],
      ["p 1; depends: mta"],
      "exim 1 -> - offered mta",
    ],
    [
      "a provider that provides no more",
      ["p 1; depends: mta", "exim 1; provides: mta"],
      ["p 1; depends: mta", "exim 2"],
      "exim 1 -> 2 offered mta",
    ],
    [
      "an upgrade with a dependency that is not there",
      ["p 1; depends: q", "q 1"],
      ["p 1; depends: q", "q 2; depends: gone"],
      "q 1 -> 2 needs gone",
    ],
    [
      "an upgrade with a stricter dependency",
      ["p 1; depends: q (>= 1)", "q 1"],
      ["p 2; depends: q (>= 2)", "q 1"],
      "p 1 -> 2 needs q (>= 2)",
    ],
    [
      "a new dependency on what was broken before",
      ["p 1", "q 1; depends: gone"],
      ["p 2; depends: q", "q 1; depends: gone"],
      "p 1 -> 2 needs q",
    ],
    [
      "a rebuild that waits for a library",
      ["p 1; depends: q (= 1)", "q 1; depends: lib1", "lib1 1"],
      ["p 1+b1; depends: q (= 1+b1)", "q 1+b1; depends: lib2", "lib1 1"],
      "q 1 -> 1+b1 needs lib2",
    ],
    [
      "the removal behind upgrades that depend on each other as before",
      ["p 1; depends: q (= 1)", "q 1; depends: r", "r 1"],
      ["p 2; depends: q (= 2)", "q 2; depends: r"],
      "r 1 -> - offered r",
    ],
    [
      "an alternative removed, where the other one was broken before",
      ["p 1; depends: q | r", "q 1", "r 1; depends: gone"],
      ["p 1; depends: q | r", "r 1; depends: gone"],
      "q 1 -> - offered q | r",
    ],
    [
      "an alternative dropped by the package itself",
      ["p 1; depends: q | r", "q 1", "r 1; depends: gone"],
      ["p 2; depends: r", "q 1", "r 1; depends: gone"],
      "p 1 -> 2 needs r",
    ],
    [
      "a new Breaks",
      ["p 1; depends: q, r", "q 1", "r 1"],
      ["p 1; depends: q, r", "q 2; breaks: r (<< 2)", "r 1"],
      "q 1 -> 2 excludes r (<< 2)",
    ],
    [
      "a package that an old Breaks matches now",
      ["p 1; depends: q, r", "q 1; breaks: r (<< 2)", "r 2"],
      ["p 1; depends: q, r", "q 1; breaks: r (<< 2)", "r 1"],
      "r 2 -> 1 excludes r (<< 2)",
    ],
    [
      "a new dependency on what was excluded before",
      ["p 1; depends: q", "q 1; conflicts: r", "r 1"],
      ["p 2; depends: q, r", "q 1; conflicts: r", "r 1"],
      "p 1 -> 2 needs r",
    ],
    [
      "two versions that are asked for",
      ["p 1; depends: q, r", "q 1; depends: lib (= 1)", "r 1; depends: lib (= 1)", "lib 1", "lib 2"],
      ["p 1; depends: q, r", "q 1; depends: lib (= 1)", "r 2; depends: lib (= 2)", "lib 1", "lib 2"],
      "r 1 -> 2 needs lib (= 2)",
    ],
    ["other dependencies at the same version", ["p 1"], ["p 1; depends: gone"], "p 1 -> 1 needs gone"],
    [
      "a new package that cannot be installed, and is needed now",
      ["p 1"],
      ["p 2; depends: q", "q 1; depends: gone"],
      "q - -> 1 needs gone",
    ],
    [
      "a package that became Essential, and broke",
      ["p 1", "base 1; depends: lib", "lib 1"],
      ["p 1", "base 2; essential: yes; depends: lib"],
      "lib 1 -> - offered lib",
    ],
  ])("%s", (_name, before, after, expected) => {
    expect(culpritOf(before, after)).toBe(expected);
  });
});

test("names only a package that changed", () => {
  const anyPick = fc.infiniteStream(fc.nat({ max: 3 }));
  let found = 0;
  fc.assert(
    fc.property(anyPackages, anyPackages, anyMachine, anyPick, (packages, others, machine, pick) => {
      const kept = packages.filter(() => pick.next().value !== 0);
      const added = others.filter(() => pick.next().value === 0);
      const after = withoutDoubles([...kept, ...added]);
      const present = universeOf(after, machine);
      const solver = new Solver(present);
      const couldInstall = installableIn(universeOf(packages, machine));
      for (const candidate of present.candidates) {
        const verdict = solver.check(candidate);
        if (verdict.kind !== "uninstallable" || !couldInstall(candidate)) continue;
        const before = universeOf(relevant(packages, namesBehind(verdict.reasons)), machine);
        const culprit = findCulprit(candidate, verdict.reasons, { before, after: present });
        if (culprit === undefined) continue;
        found += 1;
        expect(culprit.before ?? culprit.after).toBeDefined();
        const [old, now] = [fieldsOf(packages, culprit.before), fieldsOf(after, culprit.after)];
        expect(old).not.toBe(now);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(found).toBeGreaterThan(100);
});

/** Returns whether each version of a package can be installed, and there is one. */
function installableIn(universe: Universe): (one: Candidate) => boolean {
  const solver = new Solver(universe);
  return ({ name, countsAs }) => {
    const versions = universe.named(name).filter((one) => one.countsAs === countsAs);
    return versions.length > 0 && versions.every((one) => solver.check(one).kind === "installable");
  };
}

const idOf = (one: Fields): string =>
  [one["package"], one["version"], one["architecture"], one["architecture-variant"]].join(" ");

const withoutDoubles = (packages: readonly Fields[]): readonly Fields[] => [
  ...new Map(packages.toReversed().map((one) => [idOf(one), one])).values(),
];

function fieldsOf(packages: readonly Fields[], one: Candidate | undefined): Fields | undefined {
  if (one === undefined) return undefined;
  const id = [one.name, one.version, one.architecture, one.variant].join(" ");
  return packages.find((fields) => idOf(fields) === id);
}
