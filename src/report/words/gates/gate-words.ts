/** What each gate measures and allows, in words, and what to do if it fails. */
import type { CriterionOf, GateName } from "../../../gates/index.ts";
import { countOf, formatSpan } from "../../units.ts";
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
  max_removed_percent: {
    measured: (percent) => (percent === 0 ? "none removed" : `${percentText(percent)} removed`),
    allowed: ({ percent }) => `at most ${percent} %`,
    todo: ({ mirror }) => [
      `See what is gone: mirrorctl snapshot diff ${mirror}`,
      "If upstream or the configuration has a reason for it, promote with --force --reason WHY.",
    ],
  },
  max_downgrades: {
    measured: (names) => (names === 0 ? "none" : countOf(names, "downgrade")),
    allowed: ({ names }) => (names === 0 ? "none" : `at most ${names}`),
    todo: ({ mirror }) => [
      `Machines keep the newer version, and apt installs the older one on new machines: mirrorctl snapshot diff ${mirror}`,
      "If upstream took a version back, promote with --force --reason WHY.",
    ],
  },
  max_changed_bytes: {
    measured: (packages) => (packages === 0 ? "none" : countOf(packages, "package")),
    allowed: ({ packages }) => (packages === 0 ? "none" : `at most ${packages}`),
    todo: ({ mirror }) => [
      "No honest archive gives a version other bytes. Ask upstream before you promote this.",
      `See which: mirrorctl snapshot diff ${mirror}`,
    ],
  },
  same_origin: {
    measured: (fields) => (fields === 0 ? "the same" : `${countOf(fields, "field")} changed`),
    allowed: () => "no change",
    todo: () => [
      "apt-get update fails on clients until they run: apt-get update --allow-releaseinfo-change",
      "If upstream announced it, tell the administrators of clients, then promote with --force --reason WHY.",
    ],
  },
  max_release_age: {
    measured: (ageMs) => `${formatSpan(ageMs)} old`,
    allowed: ({ ageMs }) => `at most ${formatSpan(ageMs)}`,
    todo: ({ mirror }) => [
      `Sync and stage what upstream has now: mirrorctl sync ${mirror}`,
      "If upstream has nothing newer, it may have stopped: ask there, or raise max_release_age.",
    ],
  },
  min_validity: {
    measured: (leftMs) => (leftMs <= 0 ? `expired ${formatSpan(-leftMs)} ago` : `${formatSpan(leftMs)} left`),
    allowed: ({ leftMs }) => `at least ${formatSpan(leftMs)}`,
    todo: ({ mirror }) => [
      "Clients refuse a Release after its Valid-Until.",
      `Sync and stage what upstream has now: mirrorctl sync ${mirror}`,
    ],
  },
  min_package_age: {
    measured: (young) => (young === 0 ? "none is younger" : `${countOf(young, "package")} too young`),
    allowed: ({ ageMs }) => `at least ${formatSpan(ageMs)} old`,
    todo: ({ mirror }, { ageMs }) => [
      `Promote what is old enough: mirrorctl snapshot promote ${mirror} --newest-older-than ${formatSpan(ageMs).replace(" ", "")}`,
      'Or let urgent packages pass: exempt = ["source:NAME"], or "fixes:cve".',
    ],
  },
  min_staged: {
    measured: (stagedMs) => `staged for ${formatSpan(stagedMs)}`,
    allowed: ({ stagedMs }) => `at least ${formatSpan(stagedMs)}`,
    todo: ({ mirror, name }) => [
      `If staging shows something else: mirrorctl snapshot stage ${mirror} ${shellWord(name)}`,
    ],
  },
  installable: {
    measured: (machines) =>
      machines === 0 ? "together" : `not on ${countOf(machines, "kind of machine", "kinds of machine")}`,
    allowed: ({ names }) => `${countOf(names.length, "package")} together`,
    todo: (tested, criterion) => [
      `See each step: ${installableCommand(tested, criterion)} ${criterion.names.map(shellWord).join(" ")} --why`,
      "If they are not needed together any more, take them out of installable.",
    ],
  },
  no_new_uninstallable: {
    measured: (packages) => (packages === 0 ? "none" : countOf(packages, "package")),
    allowed: ({ ignore, ignoreReason }) => {
      if (ignore.length === 0) return "none";
      const why = ignoreReason === undefined ? "" : `: ${ignoreReason}`;
      return `none but ${ignore.join(", ")}${why}`;
    },
    todo: (tested, criterion) => [
      `See each step: ${installableCommand(tested, criterion)} --why`,
      "Upstream may repair it soon: sync again. If you do not need these packages, name them in ignore.",
    ],
  },
  apt: {
    measured: (lines) => (lines === 0 ? "no complaint" : countOf(lines, "complaint")),
    allowed: () => "no complaint",
    todo: (tested, criterion) => [
      `If a dependency is missing: ${installableCommand(tested, criterion)} ${aptNames(criterion)} --why`,
      `If a signature or a date is wrong, sync ${tested.mirror} again.`,
    ],
  },
  profiles: {
    measured: (losses) => (losses === 0 ? "no loss" : countOf(losses, "loss", "losses")),
    allowed: () => "no loss",
    todo: ({ mirror }) => [
      `See what changes: mirrorctl snapshot diff ${mirror}`,
      "If a package may go, add its name to allow_remove. If a machine has changed, copy its /var/lib/dpkg/status again.",
    ],
  },
  commands: {
    measured: (refused) => (refused === 0 ? "all passed" : `${refused} did not pass`),
    allowed: ({ commands }) => `all of ${commands.length}`,
    todo: ({ mirror }) => [`The whole output: mirrorctl --json snapshot test ${mirror}`],
  },
  approvals: {
    measured: (people) => countOf(people, "approval"),
    allowed: ({ people }) => `at least ${people}`,
    todo: ({ mirror, name }) => [
      `Another person approves it: mirrorctl snapshot approve ${mirror} ${shellWord(name)} --reason WHY`,
    ],
  },
};

const installableCommand = (
  { mirror, name }: Tested,
  { with: others, foreign }: CriterionOf<"installable" | "no_new_uninstallable" | "apt">,
): string =>
  [
    `mirrorctl snapshot installable ${mirror} --snapshot ${shellWord(name)}`,
    ...others.map((id) => `--with ${id}`),
    ...foreign.map((architecture) => `--foreign ${architecture}`),
  ].join(" ");

/** Without the architectures that only some machines have. */
const aptNames = ({ names }: CriterionOf<"apt">): string =>
  names.map((name) => name.replace(/:.*/, "")).join(" ");

export const measuredText = <Name extends GateName>(criterion: CriterionOf<Name>, measured: number): string =>
  wordsOf(criterion).measured(measured, criterion);

export const allowedText = <Name extends GateName>(criterion: CriterionOf<Name>): string =>
  wordsOf(criterion).allowed(criterion);

export const todoLines = <Name extends GateName>(
  criterion: CriterionOf<Name>,
  tested: Tested,
): readonly string[] => wordsOf(criterion).todo(tested, criterion);

const percentText = (percent: number): string => `${percent < 0.1 ? "under 0.1" : percent.toFixed(1)} %`;

function wordsOf<Name extends GateName>({ gate }: CriterionOf<Name>): GateWords<Name> {
  const words: GateWords<Name> = gateWords[gate];
  return words;
}
