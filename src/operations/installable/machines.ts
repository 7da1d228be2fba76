import type { Contents, HeldIndex, SuiteContents } from "../../contents/index.ts";
import { MirrorctlError } from "../../errors.ts";
import type { Machine } from "../../installability/index.ts";
import { isVariant, isVariantOf } from "../../plan/index.ts";

/** A kind of machine that a mirror serves. */
export interface ServedMachine extends Machine {
  /** Such as "amd64v3": reads the packages that were built for it. */
  readonly variant: string | undefined;
}

/** Returns how a kind of machine is called: its architecture, or its variant. */
export const architectureOf = ({ native, variant }: ServedMachine): string => variant ?? native;

/** There is no machine to ask what it can install. */
export class MachineError extends MirrorctlError<"NO_MACHINE"> {
  override readonly area = "gate";
}

export const noMachine = (suites: readonly string[], reason: string): MachineError =>
  new MachineError("NO_MACHINE", `no machine installs from the tree of ${suites.join(", ")}: ${reason}`, {
    hint: "Compare architectures of the mirror with foreign, which machines accept beside their own.",
  });

/**
 * Returns the machines that a tree serves: one for each architecture that is not `foreign`, and one for each variant. None
 * for a tree without binary packages. Throws a MachineError if all packages are for others: nothing would be checked.
 */
export async function machinesOf(
  contents: Contents,
  foreign: readonly string[],
): Promise<readonly ServedMachine[]> {
  const indices = contents.suites.flatMap(packageIndices);
  const names = new Set<string>();
  for (const { wanted } of indices) if (wanted.architecture !== undefined) names.add(wanted.architecture);
  // A flat suite has one index for all architectures.
  for (const flat of indices.filter(({ wanted }) => wanted.architecture === undefined))
    for await (const { stanza } of contents.packages(["architecture"], flat))
      names.add(stanza.get("architecture") ?? "all");
  if (names.size > 1) names.delete("all");
  const machines = [...names].flatMap((name): readonly ServedMachine[] => {
    const native = isVariant(name) ? [...names].find((base) => isVariantOf(name, base)) : name;
    if (native === undefined || foreign.includes(native)) return [];
    return [{ native, foreign, variant: native === name ? undefined : name }];
  });
  if (names.size > 0 && machines.length === 0) {
    const suites = contents.suites.map(({ suite }) => suite.name);
    throw noMachine(suites, `it has only ${[...names].join(", ")}`);
  }
  return machines;
}

/** Returns the indices of binary packages, without those of the installer, whose packages no machine installs. */
const packageIndices = ({ indices }: SuiteContents): readonly HeldIndex[] =>
  indices.filter(
    ({ wanted }) => wanted.kind === "packages" && wanted.section?.endsWith("/debian-installer") !== true,
  );

/**
 * Returns the indices of a suite that a machine reads. Like apt, it reads the index of its variant beside that of the base,
 * or in its place if Architectures of Release has the variant.
 */
export function indicesFor(machine: ServedMachine, suite: SuiteContents): readonly HeldIndex[] {
  const { native, foreign, variant } = machine;
  const indices = packageIndices(suite);
  const isReplaced = (section: string | undefined): boolean =>
    variant !== undefined &&
    suite.release.architectures.includes(variant) &&
    indices.some(({ wanted }) => wanted.architecture === variant && wanted.section === section);
  return indices.filter(({ wanted: { architecture, section } }) => {
    if (architecture === native) return !isReplaced(section);
    return (
      architecture === undefined ||
      (architecture === "all" && !suite.release.noSupportForArchitectureAll) ||
      architecture === variant ||
      foreign.includes(architecture)
    );
  });
}
