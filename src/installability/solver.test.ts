import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate } from "./candidates.ts";
import type { Reason } from "./reasons.ts";
import type { Link } from "./selection.ts";
import { Solver, type Verdict } from "./solver.ts";
import { type Machine, UniverseBuilder } from "./universe.ts";
import {
  anyMachine,
  anyPackages,
  Definition,
  type Fields,
  packagesOf,
  stanzaOf,
} from "./universes.fixture.ts";

/** Opens a solver, and finds the candidate of each package that the machine accepts. */
function open(packages: readonly Fields[], machine: Machine) {
  const builder = new UniverseBuilder(machine);
  const candidates = new Map<Fields, Candidate>();
  for (const one of packages) {
    const candidate = builder.add(stanzaOf(one));
    if (candidate !== undefined) candidates.set(one, candidate);
  }
  return { solver: new Solver(builder.build()), candidates };
}

describe("as the definition says, by trying every set of packages", () => {
  test("finds what can be installed, whatever is asked first", () => {
    const anyOrder = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(anyPackages, anyMachine, anyOrder, (packages, machine, order) => {
        const definition = new Definition(packages, machine);
        const { solver, candidates } = open(packages, machine);
        expect([...candidates.keys()]).toEqual(definition.packages);
        const asked = [...candidates]
          .map((entry) => ({ entry, at: order.next().value }))
          .toSorted((a, b) => a.at - b.at);
        for (const {
          entry: [one, candidate],
        } of asked) {
          const expected = definition.isInstallable(one) ? "installable" : "uninstallable";
          expect([one, solver.check(candidate).kind]).toEqual([one, expected]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("finds what can be installed together", () => {
    const anyGoals = fc.array(fc.constantFrom("a", "b (>= 2)", "c | d", "v", "e:any", "w (= 1)"), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(anyPackages, anyMachine, anyGoals, (packages, machine, goals) => {
        const expected = new Definition(packages, machine).canMeet(goals) ? "installable" : "uninstallable";
        expect(open(packages, machine).solver.checkTogether(goals).kind).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  test("gives reasons that are true", () => {
    fc.assert(
      fc.property(anyPackages, anyMachine, (packages, machine) => {
        const definition = new Definition(packages, machine);
        const { solver, candidates } = open(packages, machine);
        const fields = fieldsOf(candidates);
        const reasons = [...candidates.values()].flatMap((candidate) => {
          const verdict = solver.check(candidate);
          return verdict.kind === "uninstallable" ? [verdict.reasons] : [];
        });
        expect(reasons.filter((given) => given.length === 0)).toEqual([]);
        expect(reasons.flat().flatMap((reason) => faultsOf(reason, definition, fields))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

const fieldsOf = (candidates: ReadonlyMap<Fields, Candidate>) => (wanted: Candidate) => {
  const found = [...candidates].find(([, candidate]) => candidate === wanted)?.[0];
  if (found === undefined) throw new Error(`${wanted.name} is not in the universe`);
  return found;
};

/** Returns what is wrong with a reason. */
function faultsOf(
  reason: Reason,
  definition: Definition,
  fields: (one: Candidate) => Fields,
): readonly string[] {
  const chains = reason.kind === "missing" ? [reason.chain] : [reason.chain, reason.otherChain];
  const unlinked = chains.flatMap((chain) =>
    chain.filter(({ candidate, relation }, index) => {
      const before = chain[index - 1];
      return (
        before !== undefined && !demands(definition, fields(before.candidate), relation, fields(candidate))
      );
    }),
  );
  const faults = unlinked.map(({ relation }) => `no dependency ${relation} leads to the next package`);
  const [last, other] = chains.map((chain) => chain.at(-1)?.candidate).map((one) => one && fields(one));
  if (reason.kind === "missing") {
    const architecture = last === undefined ? "amd64" : definition.architectureOf(last);
    const found = definition.meeting(reason.relation, architecture);
    return found.length === 0 ? faults : [...faults, `${reason.relation} is not missing`];
  }
  const areRivals = last !== undefined && other !== undefined && definition.areRivals(last, other);
  return areRivals ? faults : [...faults, "the two packages do not exclude each other"];
}

function demands(definition: Definition, one: Fields, relation: string, other: Fields): boolean {
  const { depends = "", "pre-depends": preDepends = "" } = one;
  if (![...depends.split(", "), ...preDepends.split(", ")].includes(relation)) return false;
  return definition.meeting(relation, definition.architectureOf(one)).includes(other);
}

function check(
  name: string,
  lines: readonly string[],
  machine: Machine = { native: "amd64", foreign: [] },
): Verdict {
  const { solver, candidates } = open(packagesOf(...lines), machine);
  const candidate = [...candidates.values()].find((one) => one.name === name);
  if (candidate === undefined) throw new Error(`no package ${name}`);
  return solver.check(candidate);
}

/** Shows a reason as one line. */
const lineOf = (reason: Reason): string =>
  reason.kind === "missing"
    ? `${chainText(reason.chain)}: missing ${reason.relation}`
    : `${chainText(reason.chain)} / ${chainText(reason.otherChain)}: ${reason.exclusion?.declarer.name} ${reason.exclusion?.relation}`;

const chainText = (chain: readonly Link[]): string =>
  chain.map(({ candidate, relation }) => `[${relation}] ${candidate.name} ${candidate.version}`).join(" ");

const reasonsOf = (verdict: Verdict): readonly string[] =>
  verdict.kind === "uninstallable" ? verdict.reasons.map(lineOf) : [verdict.kind];

describe("explains", () => {
  test("a missing package with the chain that leads to it", () => {
    const found = check("a", [
      "a 1; depends: b (>= 1)",
      "b 1; depends: c | d",
      "c 1; depends: gone (>= 2)",
      "d 1; depends: other",
    ]);
    expect(reasonsOf(found)).toEqual([
      "[a] a 1 [b (>= 1)] b 1 [c | d] c 1: missing gone (>= 2)",
      "[a] a 1 [b (>= 1)] b 1 [c | d] d 1: missing other",
    ]);
  });

  test("a conflict with both chains, and who declares it", () => {
    const found = check("a", ["a 1; depends: b, c", "b 1", "c 1; depends: d", "d 1; breaks: b (<< 2)"]);
    expect(reasonsOf(found)).toEqual(["[a] a 1 [c] c 1 [d] d 1 / [a] a 1 [b] b 1: d b (<< 2)"]);
  });

  test("a conflict with its declarer, and not with what declares the same of itself", () => {
    const lines = ["a 1; depends: b, c", "b 1; conflicts: b", "c 1; conflicts: b"];
    const chains = ["[a] a 1 [c] c 1", "[a] a 1 [b] b 1"];
    expect(reasonsOf(check("a", lines))).toEqual([`${chains.join(" / ")}: c b`]);
    const exchanged = lines.with(0, "a 1; depends: c, b");
    expect(reasonsOf(check("a", exchanged))).toEqual([`${chains.toReversed().join(" / ")}: c b`]);
  });

  test("a conflict with an Essential package", () => {
    const found = check("a", ["base 1; essential: yes", "a 1; conflicts: base"]);
    expect(reasonsOf(found)).toEqual(["[a] a 1 / [base] base 1: a base"]);
  });

  test("what is broken by a package that was found broken before", () => {
    const { solver, candidates } = open(packagesOf("z 1; depends: gone", "a 1; depends: z"), {
      native: "amd64",
      foreign: [],
    });
    const verdicts = [...candidates.values()].map((one) => solver.check(one));
    expect(verdicts.map(reasonsOf)).toEqual([["[z] z 1: missing gone"], ["[a] a 1 [z] z 1: missing gone"]]);
  });
});

const withForeign: Machine = { native: "amd64", foreign: ["i386"] };

const both = (version: string, fields = "") => [
  `a 1; multi-arch: same${fields}`,
  `a ${version}; architecture: i386; multi-arch: same${fields}`,
  "b 1; depends: a:amd64, a:i386",
];

describe("two architectures of a package", () => {
  test("are installed together if both are the same version", () => {
    expect(check("b", both("1"), withForeign).kind).toBe("installable");
    expect(check("b", both("2"), withForeign).kind).toBe("uninstallable");
  });

  test("do not exclude one another by what both provide", () => {
    expect(check("b", both("1", "; provides: v; conflicts: v"), withForeign).kind).toBe("installable");
  });
});

test("does not install two variants of a package together", () => {
  const variants = ["amd64", "amd64v3"].map(
    (variant) => `a 1; architecture-variant: ${variant}; multi-arch: same; provides: ${variant}`,
  );
  expect(check("b", [...variants, "b 1; depends: amd64, amd64v3"]).kind).toBe("uninstallable");
});

test("says that everything is broken if the Essential packages are", () => {
  const found = check("a", ["base 1; essential: yes; depends: gone", "a 1"]);
  expect(reasonsOf(found)).toEqual(["[base] base 1: missing gone"]);
});

test("does not exhaust the stack or the time on long chains and many alternatives", () => {
  const count = 20_000;
  const chain = Array.from({ length: count }, (_, at) => `n${at} 1; depends: n${at + 1} | m${at + 1}, x | y`);
  expect(check("n0", [...chain, `n${count} 1`, "x 1", "y 1; conflicts: x"]).kind).toBe("installable");
});

test("gives up a search that takes too long, and says so", () => {
  // Pigeons: eleven packages of which each needs one of ten holes, and no hole takes two.
  const holes = Array.from({ length: 10 }, (_, at) => at);
  const pigeons = Array.from({ length: 11 }, (_, at) => at);
  const lines = pigeons.flatMap((pigeon) => [
    `p${pigeon} 1; depends: ${holes.map((hole) => `p${pigeon}h${hole}`).join(" | ")}`,
    ...holes.map((hole) => `p${pigeon}h${hole} 1; provides: h${hole}; conflicts: h${hole}`),
  ]);
  const all = `all 1; depends: ${pigeons.map((pigeon) => `p${pigeon}`).join(", ")}`;
  expect(check("all", [all, ...lines]).kind).toBe("undetermined");
});
