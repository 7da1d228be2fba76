import { matchesGlob } from "node:path";
import { type CriterionOf, type Detail, findings, verdictOf } from "../../../gates/index.ts";
import { checkMachines, findRegressions, type MachineRegressions } from "../../installable/index.ts";
import type { Gate } from "../gate.ts";
import { keep } from "../keep.ts";
import { openMachineTrees } from "../subject/machine-trees.ts";

/** All names can be installed together, by each kind of machine. */
export const installable: Gate<"installable"> = {
  async run({ names: packages, with: others, foreign }, subject) {
    const { after, assertUnchanged } = await openMachineTrees(subject, others);
    const machines = await checkMachines(after, { packages, foreign, all: false }, subject.ports.signal);
    assertUnchanged();
    const failed = machines.filter(({ together }) => together?.result !== "installable");
    const details = failed.flatMap(({ architecture: machine, together }): readonly Detail[] =>
      together?.result === "uninstallable"
        ? together.causes.map((cause) => ({ kind: "not-together", machine, cause }))
        : [{ kind: "undetermined", machine }],
    );
    return verdictOf(failed.length === 0, findings(failed.length, details));
  },
};

/** Every package that machines could install from production can be installed, unless it is gone. */
export const noNewUninstallable: Gate<"no_new_uninstallable"> = {
  async run(criterion, subject) {
    const { before, after, assertUnchanged } = await openMachineTrees(subject, criterion.with);
    if (before === undefined) return { kind: "not-applicable", because: "nothing-in-production" };
    const { ports, snapshot } = subject;
    const machines = await findRegressions(before, after, criterion.foreign, {
      ...ports,
      keep: (key, found) => keep(ports, snapshot.name, () => ports.installability.keep(key, found)),
    });
    assertUnchanged();
    const details = machines.flatMap((one) => detailsOf(one, criterion)).toSorted(byWeight);
    const failures = details.filter(isFailure).length;
    return verdictOf(failures === 0, findings(failures, details));
  },
};

function detailsOf(
  { architecture: machine, broken, undetermined }: MachineRegressions,
  { ignore }: CriterionOf<"no_new_uninstallable">,
): readonly Detail[] {
  const isIgnored = (name: string): boolean => ignore.some((glob) => matchesGlob(name, glob));
  return [
    ...broken.map(({ name, version, isNew, causes: [cause], change }): Detail => {
      const what = { name, version, isNew, isIgnored: isIgnored(name) };
      return { kind: "uninstallable", machine, ...what, cause, change };
    }),
    ...undetermined
      .filter(({ name }) => !isIgnored(name))
      .map(({ name, version }): Detail => ({ kind: "undetermined", machine, name, version })),
  ];
}

const isFailure = (detail: Detail): boolean =>
  detail.kind !== "uninstallable" || (!detail.isNew && !detail.isIgnored);

/** What makes the gate fail comes first. */
const byWeight = (a: Detail, b: Detail): number => Number(isFailure(b)) - Number(isFailure(a));
