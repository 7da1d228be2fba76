/** Runs one campaign in a separate thread, because an input may never end, or exhaust the memory. */
import { parentPort, workerData } from "node:worker_threads";
import { type CampaignResult, runCampaign } from "./campaign.ts";
import { Coverage } from "./coverage.ts";
import { RunningInput } from "./running-input.ts";
import type { FuzzTarget } from "./target.ts";

/**
 * The end of a campaign. With a number of executions, the seed alone determines the inputs, not the speed of the
 * machine.
 */
export type Bound = { readonly seconds: number } | { readonly executions: number };

export interface WorkerTask {
  /** A module with a function `findTarget`. */
  readonly targetsModule: string;
  readonly targetName: string;
  /** Matches the URLs of the modules whose coverage leads the campaign. */
  readonly led: RegExp;
  readonly seed: number;
  readonly bound: Bound;
  readonly given: readonly Uint8Array[];
  readonly found: readonly Uint8Array[];
  readonly memory: SharedArrayBuffer;
}

export type WorkerMessage =
  | { readonly kind: "found"; readonly input: Uint8Array }
  | { readonly kind: "failed"; readonly input: Uint8Array; readonly reason: string }
  | { readonly kind: "ended"; readonly report: CampaignReport };

export interface CampaignReport extends CampaignResult {
  readonly seconds: number;
  /** The number of edges that were passed. */
  readonly edges: number;
}

interface TargetsModule {
  findTarget(name: string): Promise<FuzzTarget>;
}

const task = workerData as WorkerTask;
const running = new RunningInput(task.memory);
const tell = (message: WorkerMessage): void => parentPort?.postMessage(message, []);

const coverage = Coverage.ofModules(task.led); // before any of them is loaded
const targetsModule = (await import(task.targetsModule)) as TargetsModule;

/** True from its first call on. */
let begunAt: number | undefined;
const secondsSinceBegun = (): number => {
  begunAt ??= performance.now();
  return (performance.now() - begunAt) / 1_000;
};
const result = await runCampaign({
  target: await targetsModule.findTarget(task.targetName),
  coverage,
  seed: task.seed,
  given: task.given,
  found: task.found,
  isOver: (executions) => {
    const seconds = secondsSinceBegun();
    return "executions" in task.bound ? executions >= task.bound.executions : seconds >= task.bound.seconds;
  },
  running: (input) => running.set(input),
  keep: (input) => tell({ kind: "found", input }),
  failed: (input, error) => tell({ kind: "failed", input, reason: error.stack ?? error.message }),
});
tell({ kind: "ended", report: { ...result, seconds: secondsSinceBegun(), edges: coverage.edges() } });
