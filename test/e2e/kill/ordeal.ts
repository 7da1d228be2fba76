/** Something befalls mirrorctl at its work again and again; each time: what do clients see, what does the next run do? */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { digestOf } from "../../support/digests.ts";
import { listFiles, type Workspace } from "../../support/index.ts";
import { Chance, describeMoment, type Moment, runUntil } from "./moments.ts";
import type { Peril } from "./perils.ts";
import { Witness } from "./witness.ts";
import { type Command, commands, moveUpstream, publicNames, type Shown } from "./workflow.ts";

export interface OrdealOptions {
  readonly seed: number;
  readonly peril: Peril;
  readonly strokes: number;
  /** No more rounds are begun after this; by the clock of the process. */
  readonly endsAt: number;
}

export interface OrdealReport {
  readonly seed: number;
  readonly runs: number;
  /** By the name of the command. */
  readonly strokes: ReadonlyMap<string, number>;
  /** Of strokes while a link was to be moved: how many left it where it was, and how many where it was to go. */
  readonly before: number;
  readonly after: number;
}

/** What the ordeal needs of a configuration: staging moves with each sync, and carried files expire on the way. */
export const ordealConfig = {
  max_conns: 2,
  snapshot: { prune: { keep_last: 3 } },
  publish: { grace: "3s" },
  mirrors: { debian: { publish_to_staging: true, installer: true } },
};

export async function ordeal(workspace: Workspace, options: OrdealOptions): Promise<OrdealReport> {
  const run = new Ordeal(workspace, await Witness.call(workspace), options);
  await run.round(); // the first syncs of a mirror suffer as well
  while (run.strokeCount < options.strokes && performance.now() < options.endsAt) await run.round();
  return run.report;
}

class Ordeal {
  readonly #workspace: Workspace;
  readonly #witness: Witness;
  readonly #options: OrdealOptions;
  readonly #chance: Chance;
  readonly #startedAt = new Date(Date.now() - 72 * 3_600_000);
  /** How long commands take that nothing befalls. */
  readonly #lengthsMs = new Map<string, number>();
  readonly #strokes = new Map<string, number>();
  #round = 0;
  #runs = 0;
  #before = 0;
  #after = 0;

  constructor(workspace: Workspace, witness: Witness, options: OrdealOptions) {
    this.#workspace = workspace;
    this.#witness = witness;
    this.#options = options;
    this.#chance = new Chance(options.seed);
  }

  get report(): OrdealReport {
    const { seed } = this.#options;
    return {
      seed,
      runs: this.#runs,
      strokes: this.#strokes,
      before: this.#before,
      after: this.#after,
    };
  }

  get strokeCount(): number {
    return this.#strokes.values().reduce((sum, strokes) => sum + strokes, 0);
  }

  async round(): Promise<void> {
    await moveUpstream(this.#workspace, this.#round, this.#startedAt);
    this.#round++;
    for (const makeCommand of commands) {
      const world = await this.#witness.look();
      const command = makeCommand(world);
      if (command !== undefined) await this.#suffer(command, world.shown);
    }
  }

  /** A command that is struck once or several times, and then left alone. */
  async #suffer(command: Command, before: Shown): Promise<void> {
    const goal = { ...before, ...command.goal };
    let moment: Moment | undefined;
    try {
      for (let attempt = 1 + this.#chance.below(3); attempt > 0; attempt--) {
        moment = this.#momentFor(command);
        if ((await this.#tryOnce(command, moment, before, goal)) === "done") return;
      }
      await this.#goOn(command, goal);
    } catch (error) {
      const when = moment === undefined ? "" : `, ${this.#options.peril.name} ${describeMoment(moment)}`;
      const where = `seed ${this.#options.seed}, round ${this.#round}, ${command.args.join(" ")}${when}`;
      throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  async #tryOnce(command: Command, moment: Moment, before: Shown, goal: Shown): Promise<"done" | "struck"> {
    const { peril } = this.#options;
    await using stroke = await peril.prepare();
    this.#runs++;
    const running = this.#workspace.start(command.args);
    const { result, ms, isStruck } = await runUntil(moment, running, this.#workspace.server, () =>
      stroke.strike(running),
    );
    const hasEnded = isAllowedEnd(command, result);
    if (!isStruck && !hasEnded) throw new Error(`exit status ${result.exitCode}: ${result.stderr}`);
    if (!isStruck) this.#learn(command, ms);
    // What has ended well must stand: also after a power cut.
    const isStruckAfterwards = !isStruck && peril.takesUnflushed;
    if (isStruckAfterwards) await stroke.strike(running);
    if (isStruck || isStruckAfterwards) await stroke.recover();
    if (hasEnded) {
      if (isStruckAfterwards) this.#count(command);
      await this.#expectGoal(goal);
      if (!peril.takesUnflushed) await this.#witness.expectNothingLeft(command);
      return "done";
    }
    this.#count(command);
    const { shown } = await this.#witness.look();
    for (const link of publicNames) this.#judgeLink(link, shown, before, goal);
    return (await command.isDone?.()) === true ? "done" : "struck";
  }

  #judgeLink(link: (typeof publicNames)[number], shown: Shown, before: Shown, goal: Shown): void {
    if (shown[link] !== before[link] && shown[link] !== goal[link])
      throw new Error(`${link} shows neither what it did nor what it was to show`);
    if (before[link] === goal[link]) return;
    if (shown[link] === before[link]) this.#before++;
    else this.#after++;
  }

  /** The next run, which nothing befalls: it ends what was begun, and asks for nothing that was an object by then. */
  async #goOn(command: Command, goal: Shown): Promise<void> {
    const held = this.#options.peril.takesUnflushed ? new Set<string>() : await this.#objects();
    this.#workspace.server.clearRequests();
    this.#runs++;
    const startedAt = performance.now();
    const result = await this.#workspace.start(command.args).ended;
    this.#learn(command, performance.now() - startedAt);
    if (!isAllowedEnd(command, result))
      throw new Error(`the next run ends with ${result.exitCode}: ${result.stderr}`);
    const again = this.#workspace.server.requests.filter(
      ({ path }) => !/Release(?:\.gpg)?$/.test(path) && held.has(this.#digestUpstream(path) ?? ""),
    );
    if (again.length > 0) throw new Error(`fetched again: ${again.map(({ path }) => path).join(", ")}`);
    await this.#expectGoal(goal);
    await this.#witness.expectNothingLeft(command);
  }

  async #expectGoal(goal: Shown): Promise<void> {
    const { shown } = await this.#witness.look();
    if (!isDeepStrictEqual(shown, goal))
      throw new Error("it ends, and something else is shown than it was to");
  }

  #momentFor(command: Command): Moment {
    const lengthMs = this.#lengthsMs.get(nameOf(command)) ?? 300;
    const kind = this.#chance.of(["anytime", "late", "late", "change", "change", "request"]);
    if (kind === "anytime") return { kind: "after", ms: this.#chance.next() * lengthMs };
    if (kind === "request" && command.args[0] === "sync") return { kind, nth: 1 + this.#chance.below(6) };
    // A good part of a short command goes by before it touches anything.
    if (kind !== "change") return { kind: "after", ms: (0.6 + 0.5 * this.#chance.next()) * lengthMs };
    const directory = this.#chance.of(busyDirectories);
    return { kind, directory: join(this.#workspace.dir, directory), nth: 1 + this.#chance.below(4) };
  }

  #count(command: Command): void {
    this.#strokes.set(nameOf(command), (this.#strokes.get(nameOf(command)) ?? 0) + 1);
  }

  #learn(command: Command, ms: number): void {
    this.#lengthsMs.set(nameOf(command), ((this.#lengthsMs.get(nameOf(command)) ?? ms) + ms) / 2);
  }

  async #objects(): Promise<ReadonlySet<string>> {
    const path = join(this.#workspace.dir, ".mirrorctl/objects");
    return new Set(existsSync(path) ? (await listFiles(path)).map((object) => basename(object)) : []);
  }

  #digestUpstream(path: string): string | undefined {
    const file = join(this.#workspace.upstream.dir, path);
    return existsSync(file) ? digestOf(readFileSync(file), "SHA256") : undefined;
  }
}

const nameOf = ({ args }: Command): string => args.slice(0, 2).join(" ");

const isAllowedEnd = (
  { mayFail }: Command,
  { exitCode, stderr }: { readonly exitCode: number; readonly stderr: string },
): boolean => exitCode === 0 || (exitCode === 1 && mayFail?.test(stderr) === true);

/** Where something happens just before or after what clients see changes. */
const busyDirectories = [
  "debian",
  ".snapshots/debian",
  ".snapshots/debian/.meta",
  ".snapshots/debian/.carried",
  ".mirrorctl/trees/debian",
  ".mirrorctl/trees/debian/.carried",
  ".mirrorctl/partial/debian",
  ".mirrorctl/state",
  ".mirrorctl/objects/sha256",
] as const;
