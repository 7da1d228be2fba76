/** What each gate measures and allows, in words, and what to do if it fails. */
import type { CriterionOf, GateName } from "../../../gates/index.ts";
import { countOf } from "../../units.ts";
import { shellWord } from "../shell.ts";

/** The snapshot that is tested. */
export interface Tested {
  readonly mirror: string;
  readonly name: string;
}

interface GateWords<Name extends GateName> {
  /** A measured number, with its unit. */
  readonly measured: (measured: number, criterion: CriterionOf<Name>) => string;
  /** What the criterion allows. */
  readonly allowed: (criterion: CriterionOf<Name>) => string;
  /** What to do if it fails: a line for each step. */
  readonly todo: (tested: Tested, criterion: CriterionOf<Name>) => readonly string[];
}

const gateWords: { readonly [Name in GateName]: GateWords<Name> } = {
  complete: {
    measured: (faults) => (faults === 0 ? "complete" : countOf(faults, "fault")),
    allowed: () => "no fault",
    todo: ({ mirror, name }) => [
      `Repair it: mirrorctl snapshot verify ${mirror} ${shellWord(name)} --repair`,
    ],
  },
  min_packages: {
    measured: (packages) => countOf(packages, "package"),
    allowed: ({ packages }) => `at least ${packages}`,
    todo: ({ mirror }) => [
      `See what is gone: mirrorctl snapshot diff ${mirror}`,
      "If upstream is right, lower min_packages.",
    ],
  },
  require_packages: {
    measured: (missing) => (missing === 0 ? "all there" : `${missing} missing`),
    allowed: ({ names }) => `all of ${names.length}`,
    todo: ({ mirror }) => [
      `See what is gone: mirrorctl snapshot diff ${mirror}`,
      "If they are not needed any more, take them out of require_packages.",
    ],
  },
};

export const measuredText = <Name extends GateName>(criterion: CriterionOf<Name>, measured: number): string =>
  wordsOf(criterion).measured(measured, criterion);

export const allowedText = <Name extends GateName>(criterion: CriterionOf<Name>): string =>
  wordsOf(criterion).allowed(criterion);

export const todoLines = <Name extends GateName>(
  criterion: CriterionOf<Name>,
  tested: Tested,
): readonly string[] => wordsOf(criterion).todo(tested, criterion);

function wordsOf<Name extends GateName>({ gate }: CriterionOf<Name>): GateWords<Name> {
  const words: GateWords<Name> = gateWords[gate];
  return words;
}
