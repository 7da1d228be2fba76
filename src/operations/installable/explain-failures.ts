import type { CausingChange } from "../../gates/index.ts";
import {
  type Cause,
  causeOf,
  findCulprit,
  namesBehind,
  namesOffered,
  type PackageFields,
  type PackageId,
  packageId,
  type Reason,
  type Universe,
} from "../../installability/index.ts";
import { changeBehind } from "./change-behind.ts";
import { type MachineTrees, readMachinePackages } from "./machine-packages.ts";
import type { ServedMachine } from "./machines.ts";
import type { Failure } from "./solve-machine.ts";

/** A package that cannot be installed now, and could be before or was not there. */
export interface NewlyBroken extends PackageId {
  /** None for all but the first thousand. */
  readonly causes: readonly Cause[];
  /** No version of it was there before. */
  readonly isNew: boolean;
  /** Undefined for a new package, if no change explains it, and for all but the first thousand. */
  readonly change: CausingChange | undefined;
}

/** Says for each failure whether its package was there before, and which change broke it. Reads the trees before again. */
export async function explainFailures(
  failures: readonly Failure[],
  present: Universe,
  { before, machine }: { readonly before: MachineTrees; readonly machine: ServedMachine },
): Promise<readonly NewlyBroken[]> {
  if (failures.length === 0) return [];
  const inOrder = failures
    .map(({ candidate, verdict }) => ({ candidate, reasons: "reasons" in verdict ? verdict.reasons : [] }))
    .toSorted((a, b) => lengthOf(a.reasons) - lengthOf(b.reasons));
  const explained = inOrder.slice(0, explainedMax);
  const names = namesBehind(explained.flatMap(({ reasons }) => reasons));
  const wanted = new Set([...names, ...failures.map(({ candidate }) => candidate.name)]);
  const isWanted = (stanza: PackageFields): boolean => namesOffered(stanza).some((name) => wanted.has(name));
  const old = await readMachinePackages(before, machine, { isWanted });
  const namesBefore = new Set(old.roots.map(({ name }) => name));
  return inOrder.map(({ candidate, reasons }, at) => {
    const isNew = !namesBefore.has(candidate.name);
    const culprit =
      isNew || at >= explainedMax
        ? undefined
        : findCulprit(candidate, reasons, { before: old.universe, after: present });
    const change = culprit && changeBehind(culprit, present);
    return { ...packageId(candidate), causes: at < explainedMax ? reasons.map(causeOf) : [], isNew, change };
  });
}

/** Nobody reads more, and each one may name packages that must be kept in memory. */
const explainedMax = 1_000;

/** Of the shortest chain: what breaks others comes before them. */
const lengthOf = (reasons: readonly Reason[]): number =>
  Math.min(...reasons.map(({ chain }) => chain.length));
