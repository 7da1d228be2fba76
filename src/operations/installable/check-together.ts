import { type MachineTrees, readMachinePackages } from "./machine-packages.ts";
import { architectureOf, machinesOf } from "./machines.ts";
import type { Together } from "./results.ts";
import { checkTogether, findFailures, type KeepingPorts, keyOf, summarize } from "./solve-machine.ts";

/** What one kind of machine can install together. */
export interface MachineTogether extends Together {
  /** Such as "amd64", or a variant. */
  readonly architecture: string;
}

/**
 * Checks whether each kind of machine can install some packages together. With `alsoKeep`, finds and keeps what it cannot
 * install at all, for a comparison that follows: the packages are read only once.
 */
export async function checkTogetherOnAll(
  trees: MachineTrees,
  packages: readonly string[],
  { foreign, alsoKeep }: { readonly foreign: readonly string[]; readonly alsoKeep: boolean },
  ports: KeepingPorts,
): Promise<readonly MachineTogether[]> {
  const found: MachineTogether[] = [];
  for (const machine of await machinesOf(trees[0].contents, foreign)) {
    const read = await readMachinePackages(trees, machine, {});
    found.push({ architecture: architectureOf(machine), ...checkTogether(read.universe, packages) });
    const key = keyOf(trees, machine);
    if (alsoKeep && ports.installability.find(key) === undefined)
      await ports.keep(key, summarize(read, await findFailures(read, ports.signal)));
  }
  return found;
}
