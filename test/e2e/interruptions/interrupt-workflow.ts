/** Interrupts the commands of a workflow again and again, and checks what clients see and what the next run does. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { digestOf } from "../../support/digests.ts";
import { listFiles, type Workspace } from "../../support/index.ts";
import { Random } from "../../support/random.ts";
import type { Interruption } from "./interruption.ts";
import { describeMoment, type Moment, runUntil } from "./moments.ts";
import { Observer } from "./observer.ts";
import { type Command, commands, moveUpstream, publicNames, type Shown } from "./workflow.ts";

export interface WorkflowOptions {
  readonly seed: number;
  readonly interruption: Interruption;
  readonly interruptions: number;
}

export interface InterruptionReport {
  readonly seed: number;
  readonly runs: number;
  /** By the name of the command. */
  readonly interruptions: ReadonlyMap<string, number>;
  /** Interruptions while a link was about to move: how many left it at the old tree, and how many at the new one. */
  readonly before: number;
  readonly after: number;
}

/** The configuration that the workflow needs: each sync moves staging, and carried files expire meanwhile. */
export const workflowConfig = {
  max_conns: 2,
  snapshot: { prune: { keep_last: 3 } },
  publish: { grace: "3s" },
  mirrors: { debian: { publish_to_staging: true, installer: true } },
};

export async function interruptWorkflow(
  workspace: Workspace,
  options: WorkflowOptions,
): Promise<InterruptionReport> {
  const run = new InterruptedWorkflow(workspace, await Observer.start(workspace), options);
  await run.round(); // the first syncs of a mirror are interrupted too
  while (run.interruptionCount < options.interruptions) await run.round();
  return run.report;
}

class InterruptedWorkflow {
  readonly #workspace: Workspace;
  readonly #observer: Observer;
  readonly #options: WorkflowOptions;
  readonly #random: Random;
  readonly #startedAt = new Date(Date.now() - 72 * 3_600_000);
  /** How long commands take that are not interrupted. */
  readonly #lengthsMs = new Map<string, number>();
  readonly #interruptions = new Map<string, number>();
  #round = 0;
  #runs = 0;
  #before = 0;
  #after = 0;

  constructor(workspace: Workspace, observer: Observer, options: WorkflowOptions) {
    this.#workspace = workspace;
    this.#observer = observer;
    this.#options = options;
    this.#random = new Random(options.seed);
  }

  get report(): InterruptionReport {
    const { seed } = this.#options;
    return {
      seed,
      runs: this.#runs,
      interruptions: this.#interruptions,
      before: this.#before,
      after: this.#after,
    };
  }

  get interruptionCount(): number {
    return this.#interruptions.values().reduce((sum, count) => sum + count, 0);
  }

  async round(): Promise<void> {
    await moveUpstream(this.#workspace, this.#round, this.#startedAt);
    this.#round++;
    for (const makeCommand of commands) {
      const observed = await this.#observer.observe();
      const command = makeCommand(observed);
      if (command !== undefined) await this.#interruptAndRun(command, observed.shown);
    }
  }

  /** Interrupts a command once or several times, and then runs it to its end. */
  async #interruptAndRun(command: Command, before: Shown): Promise<void> {
    const goal = { ...before, ...command.goal };
    let moment: Moment | undefined;
    try {
      for (let attempt = 1 + this.#random.below(3); attempt > 0; attempt--) {
        moment = this.#momentFor(command);
        if ((await this.#tryOnce(command, moment, before, goal)) === "done") return;
      }
      await this.#complete(command, goal);
    } catch (error) {
      const when =
        moment === undefined ? "" : `, ${this.#options.interruption.name} ${describeMoment(moment)}`;
      const where = `seed ${this.#options.seed}, round ${this.#round}, ${command.args.join(" ")}${when}`;
      throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  async #tryOnce(
    command: Command,
    moment: Moment,
    before: Shown,
    goal: Shown,
  ): Promise<"done" | "interrupted"> {
    const { interruption } = this.#options;
    await using prepared = await interruption.prepare();
    this.#runs++;
    const running = this.#workspace.start(command.args);
    const { result, ms, wasInterrupted } = await runUntil(moment, running, this.#workspace.server, () =>
      prepared.interrupt(running),
    );
    const hasEnded = isAllowedEnd(command, result);
    if (!wasInterrupted && !hasEnded) throw new Error(`exit status ${result.exitCode}: ${result.stderr}`);
    if (!wasInterrupted) this.#learn(command, ms);
    // What a command did before it ended must outlast a power cut.
    const isInterruptedAfterwards = !wasInterrupted && interruption.losesUnflushed;
    if (isInterruptedAfterwards) await prepared.interrupt(running);
    if (wasInterrupted || isInterruptedAfterwards) await prepared.recover();
    if (hasEnded) {
      if (isInterruptedAfterwards) this.#count(command);
      await this.#expectGoal(goal);
      if (!interruption.losesUnflushed) await this.#observer.expectNothingLeft(command);
      return "done";
    }
    this.#count(command);
    const { shown } = await this.#observer.observe();
    for (const link of publicNames) this.#checkLink(link, shown, before, goal);
    return (await command.isDone?.()) === true ? "done" : "interrupted";
  }

  #checkLink(link: (typeof publicNames)[number], shown: Shown, before: Shown, goal: Shown): void {
    if (shown[link] !== before[link] && shown[link] !== goal[link])
      throw new Error(`${link} shows neither the old tree nor the new one`);
    if (before[link] === goal[link]) return;
    if (shown[link] === before[link]) this.#before++;
    else this.#after++;
  }

  /** Runs a command without an interruption: it must complete, and fetch no file that the store has. */
  async #complete(command: Command, goal: Shown): Promise<void> {
    const held = this.#options.interruption.losesUnflushed ? new Set<string>() : await this.#objects();
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
    await this.#observer.expectNothingLeft(command);
  }

  async #expectGoal(goal: Shown): Promise<void> {
    const { shown } = await this.#observer.observe();
    if (!isDeepStrictEqual(shown, goal)) throw new Error("it succeeds, and does not show what it should");
  }

  #momentFor(command: Command): Moment {
    const lengthMs = this.#lengthsMs.get(nameOf(command)) ?? 300;
    const kind = this.#random.pick(["anytime", "late", "late", "change", "change", "request"] as const);
    if (kind === "anytime") return { kind: "after", ms: this.#random.fraction() * lengthMs };
    if (kind === "request" && command.args[0] === "sync") return { kind, nth: 1 + this.#random.below(6) };
    // A short command spends much of its time before it touches anything.
    if (kind !== "change") return { kind: "after", ms: (0.6 + 0.5 * this.#random.fraction()) * lengthMs };
    const directory = this.#random.pick(busyDirectories);
    return { kind, directory: join(this.#workspace.dir, directory), nth: 1 + this.#random.below(4) };
  }

  #count(command: Command): void {
    this.#interruptions.set(nameOf(command), (this.#interruptions.get(nameOf(command)) ?? 0) + 1);
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

/** Directories that change just before or after what clients see does. */
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
