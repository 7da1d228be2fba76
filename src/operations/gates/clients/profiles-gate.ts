import type {
  AptMachine,
  AptSource,
  InstalledPackage,
  Platform,
  Simulation,
} from "../../../clients/index.ts";
import { type CriterionOf, type Detail, findings, verdictOf } from "../../../gates/index.ts";
import type { Gate } from "../gate.ts";
import type { Subject } from "../subject/subject.ts";
import { lossesOf, type Upgrade } from "./compare-upgrades.ts";
import { sourcesAfter, sourcesBefore, trustOfMachines, untilOf } from "./machine-sources.ts";
import { digestOfProfiles, type Profile, readProfile } from "./read-profile.ts";

/** Machines like these lose nothing by an upgrade that they would not lose by one from production. */
export const profilesGate: Gate<"profiles"> = {
  inputsOf: ({ files, with: others }, ports) =>
    [digestOfProfiles(ports.invokerFiles, files), trustOfMachines(ports, others)].join(" "),
  async run(criterion, subject) {
    const { files } = criterion;
    const read = files.map((path) => readProfile(subject.ports.invokerFiles, path));
    await using machines = new MachinePairs(subject, criterion.with);
    const details: Detail[] = [];
    for (const profile of read)
      details.push(...(await detailsOf(profile, await machines.of(profile.platform), criterion)));
    const found = findings(details.length, details);
    return details.length === 0
      ? { ...verdictOf(true, found), ...untilOf(machines.sources) }
      : verdictOf(false, found);
  },
};

/** A machine that installs from the snapshot, and one that installs from production, if that shows anything. */
interface MachinePair {
  readonly staged: AptMachine;
  readonly production: AptMachine | undefined;
  /** What apt says of the snapshot itself. */
  readonly complaints: readonly string[];
}

/** One pair for all profiles of a platform: reading the sources takes longer than an upgrade. */
class MachinePairs implements AsyncDisposable {
  /** What the machines install from once the snapshot is promoted. */
  readonly sources: AptSource[] = [];
  readonly #subject: Subject;
  readonly #others: readonly string[];
  readonly #pairs = new Map<string, MachinePair>();
  readonly #opened = new AsyncDisposableStack();

  constructor(subject: Subject, others: readonly string[]) {
    this.#subject = subject;
    this.#others = others;
  }

  async of(platform: Platform): Promise<MachinePair> {
    const key = JSON.stringify(platform);
    const pair = this.#pairs.get(key) ?? (await this.#open(platform));
    this.#pairs.set(key, pair);
    return pair;
  }

  async #open(platform: Platform): Promise<MachinePair> {
    const apt = await this.#subject.ports.openApt();
    const after = await sourcesAfter(this.#subject, this.#others, platform);
    this.sources.push(...after);
    const staged = this.#opened.use(await apt.openMachine(platform, after));
    const before = await sourcesBefore(this.#subject, this.#others, platform);
    const production = before && this.#opened.use(await apt.openMachine(platform, before));
    const [said] = await bothOf(staged.update(), production?.update());
    const isOwn = ({ mirror }: AptSource): boolean => mirror === this.#subject.ports.mirror.id;
    const hasLost = before?.some(isOwn) === true && !after.some(isOwn);
    const complaints = hasLost
      ? [`E: production has packages of ${platform.architecture}, and the snapshot has none`]
      : said;
    return { staged, production, complaints };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

async function detailsOf(
  { name: profile, installed, packages }: Profile,
  { staged, production, complaints }: MachinePair,
  { allowRemove }: CriterionOf<"profiles">,
): Promise<readonly Detail[]> {
  const say = (lines: readonly string[]): readonly Detail[] =>
    lines.map((line) => ({ kind: "apt-says", machine: profile, line }));
  if (complaints.length > 0) return say(complaints);
  staged.setInstalled(installed);
  production?.setInstalled(installed);
  const [after, before] = await bothOf(
    upgradeOf(staged, packages),
    production && upgradeOf(production, packages),
  );
  if (!after.isSolved) return say(after.complaints);
  const baseline = before?.isSolved === true ? before : undefined;
  return lossesOf({ installed: packages, staged: after, production: baseline, allowRemove }).map((loss) => ({
    kind: "upgrade-loss",
    profile,
    ...loss,
  }));
}

async function upgradeOf(
  machine: AptMachine,
  packages: readonly InstalledPackage[],
): Promise<Simulation & Upgrade> {
  const simulation = await machine.simulateUpgrade();
  return { ...simulation, offers: await machine.offers(packages.map(({ name }) => name)) };
}

/** Waits for both, also if one fails: nothing may use a machine that is removed. */
async function bothOf<One, Other>(
  one: Promise<One>,
  other: Promise<Other> | undefined,
): Promise<[One, Other | undefined]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}
