import { matchesGlob } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type CriterionOf, type Detail, findings, verdictOf } from "../../../gates/index.ts";
import {
  checkTogetherOnAll,
  findRegressions,
  type KeepingPorts,
  type MachineRegressions,
  noMachine,
} from "../../installable/index.ts";
import type { Gate } from "../gate.ts";
import { keep } from "../keep.ts";
import { openMachineTrees } from "../subject/machine-trees.ts";
import type { Subject } from "../subject/subject.ts";
import { byChange } from "./broken-order.ts";

/** All names can be installed together, by each kind of machine. */
export const installable: Gate<"installable"> = {
  async run({ names, with: others, foreign }, subject) {
    const { after, assertUnchanged } = await openMachineTrees(subject, others);
    const alsoKeep = subject.ports.mirror.criteria.some(
      (one) =>
        one.gate === "no_new_uninstallable" && isDeepStrictEqual([one.with, one.foreign], [others, foreign]),
    );
    const options = { foreign, alsoKeep };
    const machines = await checkTogetherOnAll(after, names, options, keepingPorts(subject));
    assertUnchanged();
    if (machines.length === 0) throw noMachine(subject.ports.mirror.suites, "it has no binary packages");
    const failed = machines.filter(({ result }) => result !== "installable");
    const details = failed.flatMap(({ architecture: machine, result, causes }): readonly Detail[] =>
      result === "uninstallable"
        ? causes.map((cause) => ({ kind: "not-together", machine, cause }))
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
    const machines = await findRegressions(before, after, criterion.foreign, keepingPorts(subject));
    assertUnchanged();
    const details = machines.flatMap((one) => detailsOf(one, criterion));
    const failures = details.filter(isFailure);
    const others = details.filter((detail) => !isFailure(detail));
    return verdictOf(
      failures.length === 0,
      findings(failures.length, [...byChange(failures), ...byChange(others)]),
    );
  },
};

/** What is new or ignored is only shown. */
const isFailure = (detail: Detail): boolean =>
  detail.kind !== "uninstallable" || (!detail.isNew && !detail.isIgnored);

function keepingPorts({ ports, snapshot, keeps }: Subject): KeepingPorts {
  return {
    signal: ports.signal,
    installability: ports.installability,
    keep: async (key, found) => {
      if (keeps) await keep(ports, snapshot.name, () => ports.installability.keep(key, found));
    },
  };
}

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
