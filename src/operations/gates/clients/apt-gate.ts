import type { AptMachine, AptSource, Platform } from "../../../clients/index.ts";
import { type CriterionOf, type Detail, findings, verdictOf } from "../../../gates/index.ts";
import { compareVersions } from "../../../repository/index.ts";
import { machinesOf, noMachine } from "../../installable/index.ts";
import { openFoundTree } from "../../trees/index.ts";
import type { Gate } from "../gate.ts";
import type { Subject } from "../subject/subject.ts";
import { sourcesAfter, trustOfMachines, untilOf } from "./machine-sources.ts";

/** A new machine updates without a complaint, and can install packages. One of each architecture and variant is tried. */
export const aptGate: Gate<"apt"> = {
  inputsOf: (criterion, ports) => trustOfMachines(ports, criterion.with),
  async run(criterion, subject) {
    const details: Detail[] = [];
    const sources: AptSource[] = [];
    const platforms = await platformsOf(criterion, subject);
    if (platforms.length === 0) throw noMachine(subject.ports.mirror.suites, "it has no binary packages");
    for (const platform of platforms) {
      const own = await sourcesAfter(subject, criterion.with, platform);
      sources.push(...own);
      const lines = await complaintsOn(platform, own, criterion, subject);
      const machine = platform.variant ?? platform.architecture;
      details.push(...lines.map((line) => ({ kind: "apt-says", machine, line }) as const));
    }
    const found = findings(details.length, details);
    return details.length === 0
      ? { ...verdictOf(true, found), ...untilOf(sources) }
      : verdictOf(false, found);
  },
};

async function complaintsOn(
  platform: Platform,
  sources: readonly AptSource[],
  { names }: CriterionOf<"apt">,
  { ports }: Subject,
): Promise<readonly string[]> {
  const client = await ports.openApt();
  await using machine = await client.openMachine(platform, sources);
  const complaints = await machine.update();
  return complaints.length > 0
    ? complaints
    : await complaintsOfInstalling(machine, namesFor(platform, names));
}

const namesFor = ({ architecture }: Platform, names: readonly string[]): readonly string[] =>
  names
    .map((name) => name.split(":"))
    .flatMap(([name = "", only = architecture]) => (only === architecture ? [name] : []));

async function complaintsOfInstalling(
  machine: AptMachine,
  names: readonly string[],
): Promise<readonly string[]> {
  const { isSolved, complaints } = await machine.simulateInstall(names);
  return isSolved || complaints.length > 0 ? complaints : ["E: apt-get install failed"];
}

/** An apt that knows no variants would try the base twice. */
async function platformsOf(
  { foreign }: CriterionOf<"apt">,
  { ports, tree }: Subject,
): Promise<readonly Platform[]> {
  const machines = await machinesOf(openFoundTree(ports, tree).contents, foreign);
  const version = await (await ports.openApt()).version();
  return machines
    .map(({ native, variant }) => ({
      architecture: native === "all" ? anyArchitecture : native,
      foreign,
      variant,
    }))
    .filter(({ variant }) => variant === undefined || compareVersions(version, firstWithVariants) >= 0);
}

const firstWithVariants = "3.1";
/** For a tree with packages for all architectures alone. */
const anyArchitecture = "amd64";
