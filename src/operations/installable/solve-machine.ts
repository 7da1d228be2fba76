import { createHash } from "node:crypto";
import { type Candidate, causeOf, Solver, type Universe, type Verdict } from "../../installability/index.ts";
import { filtersPackages } from "../../plan/index.ts";
import { paced } from "../../platform/flow/paced.ts";
import type { FoundInstallable, InstallabilityMemory } from "../../store/index.ts";
import type { Ports } from "../context.ts";
import type { OpenedTree } from "../trees/index.ts";
import { indicesReadBy, type MachinePackages, type MachineTrees } from "./machine-packages.ts";
import type { ServedMachine } from "./machines.ts";
import type { Together } from "./results.ts";

/** What finds out what machines can install: `keep` keeps what was found for the next time. */
export type KeepingPorts = Ports<"signal"> & {
  readonly installability: Pick<InstallabilityMemory, "find">;
  readonly keep: (key: string, found: FoundInstallable) => Promise<void>;
};

/** A package that cannot be installed, or for which the search took too long. */
export interface Failure {
  readonly candidate: Candidate;
  readonly verdict: Exclude<Verdict, { readonly kind: "installable" }>;
}

/** Checks each root. Lets the rest of the process have its turn in between. */
export async function findFailures(
  { universe, roots }: MachinePackages,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  const solver = new Solver(universe);
  const failures: Failure[] = [];
  for await (const candidate of paced(roots, signal, candidatesPerTurn)) {
    const verdict = solver.check(candidate);
    if (verdict.kind !== "installable") failures.push({ candidate, verdict });
  }
  return failures;
}

/** Checks whether dependencies can be met together. */
export function checkTogether(universe: Universe, asked: readonly string[]): Together {
  const verdict = new Solver(universe).checkTogether(asked);
  const causes = verdict.kind === "uninstallable" ? verdict.reasons.map(causeOf) : [];
  return { result: verdict.kind, causes };
}

/** Most candidates need no search, and take a microsecond. */
const candidatesPerTurn = 1_000;

/** Returns what is kept of the failures. */
export function summarize({ roots }: MachinePackages, failures: readonly Failure[]): FoundInstallable {
  const of = (kind: Failure["verdict"]["kind"]) =>
    failures
      .filter(({ verdict }) => verdict.kind === kind)
      .map(({ candidate: { name, version } }) => ({ name, version }));
  return { checked: roots.length, uninstallable: of("uninstallable"), undetermined: of("undetermined") };
}

/** To be raised when other packages are found with the same input. */
const algorithm = 1;

/** Returns a text that is the same for trees in which a machine can install the same packages. Reads no index. */
export const keyOf = (trees: MachineTrees, machine: ServedMachine): string =>
  createHash("sha256")
    .update(JSON.stringify([algorithm, machine, trees.map((tree) => inputOf(tree, machine))]))
    .digest("hex");

function inputOf(tree: OpenedTree, machine: ServedMachine): unknown {
  const { filters, missing = [] } = tree.reading;
  const patterns = filters.excludePatterns.map(({ source, flags }) => [source, flags]);
  const read = indicesReadBy(machine, tree).map(({ index, isInstalledFrom }) => [
    index.contentKey,
    index.suite.root,
    isInstalledFrom,
  ]);
  // Which versions filters keep of one index depends on all the others.
  const others = filtersPackages(filters) ? tree.contents.suites.flatMap(({ indices }) => indices) : [];
  return [
    read,
    others.map(({ name, contentKey }) => [name, contentKey]),
    { ...filters, excludePatterns: patterns },
    missing.toSorted(),
  ];
}
