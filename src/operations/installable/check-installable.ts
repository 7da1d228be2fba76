import { causeOf, type PackageId, packageId } from "../../installability/index.ts";
import type { MirrorContext } from "../context.ts";
import { type MachineTrees, readMachinePackages } from "./machine-packages.ts";
import { type MachineTree, openProduction, openSnapshot } from "./machine-trees.ts";
import { architectureOf, machinesOf, type ServedMachine } from "./machines.ts";
import type { MachineReport, Uninstallable } from "./results.ts";
import { checkTogether, findFailures } from "./solve-machine.ts";

export interface InstallableOptions {
  /** Unset: the staged one. */
  readonly snapshot?: string | undefined;
  /** Dependencies such as "nginx" or "postgresql (>= 16)", to be met together. None: every package is checked. */
  readonly packages: readonly string[];
  /** Architectures that machines accept beside their own. */
  readonly foreign: readonly string[];
  /** Check older versions too, and suites that are not installed from without being asked, such as backports. */
  readonly all: boolean;
}

export interface InstallableReport {
  readonly mirror: string;
  readonly snapshot: string;
  /** The other mirrors from which packages may come. */
  readonly with: readonly { readonly mirror: string; readonly snapshot: string }[];
  readonly machines: readonly MachineReport[];
}

/**
 * Checks what machines can install from a snapshot, together with what is in production of other mirrors. Takes no lock and
 * changes nothing.
 */
export async function checkInstallable(
  context: MirrorContext,
  others: readonly MirrorContext[],
  options: InstallableOptions,
): Promise<InstallableReport> {
  const tree = await openSnapshot(context, options.snapshot);
  const beside: MachineTree[] = [];
  for (const other of others) beside.push(await openProduction(other));
  const machines: MachineReport[] = [];
  for (const machine of await machinesOf(tree.contents, options.foreign))
    machines.push(await checkMachine([tree, ...beside], machine, options, context.signal));
  for (const one of [tree, ...beside]) one.assertUnchanged();
  const [, ...shown] = [tree, ...beside].map(({ mirror, name }) => ({ mirror, snapshot: name }));
  return { mirror: tree.mirror, snapshot: tree.name, with: shown, machines };
}

async function checkMachine(
  trees: MachineTrees,
  machine: ServedMachine,
  { packages: asked, all }: Pick<InstallableOptions, "packages" | "all">,
  signal: AbortSignal,
): Promise<MachineReport> {
  const packages = await readMachinePackages(trees, machine, { all });
  const { universe, roots } = packages;
  const found = { architecture: architectureOf(machine), packages: universe.candidates.length };
  if (asked.length > 0) {
    const together = checkTogether(universe, asked);
    return { ...found, checked: 0, uninstallable: [], undetermined: [], together };
  }
  const uninstallable: Uninstallable[] = [];
  const undetermined: PackageId[] = [];
  for (const { candidate, verdict } of await findFailures(packages, signal)) {
    const id = packageId(candidate);
    if (verdict.kind === "undetermined") undetermined.push(id);
    else uninstallable.push({ ...id, causes: verdict.reasons.map(causeOf) });
  }
  return { ...found, checked: roots.length, uninstallable, undetermined };
}
