import { type PackageId, packageId } from "../../installability/index.ts";
import type { FoundInstallable } from "../../store/index.ts";
import { explainFailures, type NewlyBroken } from "./explain-failures.ts";
import { type MachineTrees, readMachinePackages } from "./machine-packages.ts";
import { architectureOf, machinesOf, type ServedMachine } from "./machines.ts";
import { type Failure, findFailures, type KeepingPorts, keyOf, summarize } from "./solve-machine.ts";

/** What machines of one kind cannot install any more. */
export interface MachineRegressions {
  /** Such as "amd64", or a variant. */
  readonly architecture: string;
  /** The shortest chains come first: what breaks others comes before them. */
  readonly broken: readonly NewlyBroken[];
  /** Those for which the search took too long, now or before. */
  readonly undetermined: readonly PackageId[];
}

/**
 * Finds what machines could install of the first of the trees before, and cannot install now. What was found about trees is
 * kept, so that trees that were compared before are not read again unless something broke.
 */
export async function findRegressions(
  before: MachineTrees,
  after: MachineTrees,
  /** Architectures that machines accept beside their own. */
  foreign: readonly string[],
  ports: KeepingPorts,
): Promise<readonly MachineRegressions[]> {
  const found: MachineRegressions[] = [];
  for (const machine of await machinesOf(after[0].contents, foreign)) {
    const { broken, undetermined } = await compareOn(machine, { before, after }, ports);
    found.push({ architecture: architectureOf(machine), broken, undetermined });
  }
  return found;
}

interface ComparedTrees {
  readonly before: MachineTrees;
  readonly after: MachineTrees;
}

const nothing = { broken: [], undetermined: [] };

async function compareOn(
  machine: ServedMachine,
  { before, after }: ComparedTrees,
  ports: KeepingPorts,
): Promise<Omit<MachineRegressions, "architecture">> {
  const key = keyOf(after, machine);
  if (key === keyOf(before, machine)) return nothing;
  const old = await foundIn(before, machine, ports);
  const isSuspect = suspicionAfter(old);
  const kept = ports.installability.find(key);
  if (kept !== undefined && ![...kept.uninstallable, ...kept.undetermined].some(isSuspect)) return nothing;
  const present = await readMachinePackages(after, machine, {});
  const failures = await findFailures(present, ports.signal);
  if (kept === undefined) await ports.keep(key, summarize(present, failures));
  const suspects = failures.filter(({ candidate }) => isSuspect(candidate));
  const unknown = new Set(old.undetermined.map(({ name }) => name));
  const isUnclear = ({ candidate, verdict }: Failure): boolean =>
    verdict.kind === "undetermined" || unknown.has(candidate.name);
  const broken = suspects.filter((one) => !isUnclear(one));
  return {
    broken: await explainFailures(broken, present.universe, { before, machine }),
    undetermined: suspects.filter(isUnclear).map(({ candidate }) => packageId(candidate)),
  };
}

/** Returns what a machine cannot install: what was kept, or what is found now. */
async function foundIn(
  trees: MachineTrees,
  machine: ServedMachine,
  { installability, keep, signal }: KeepingPorts,
): Promise<FoundInstallable> {
  const key = keyOf(trees, machine);
  const kept = installability.find(key);
  if (kept !== undefined) return kept;
  const packages = await readMachinePackages(trees, machine, {});
  const found = summarize(packages, await findFailures(packages, signal));
  await keep(key, found);
  return found;
}

/** Returns whether a package that fails now did not fail before, by its name: the newest version counts. */
function suspicionAfter(old: FoundInstallable) {
  const wasBroken = new Set(old.uninstallable.map(({ name }) => name));
  return ({ name }: { readonly name: string }): boolean => !wasBroken.has(name);
}
