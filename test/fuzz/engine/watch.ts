import { join } from "node:path";
import { setInterval } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { hasCode } from "../../../src/errors.ts";
import { RunningInput } from "./running-input.ts";
import type { CampaignReport, WorkerMessage, WorkerTask } from "./worker.ts";

export interface WatchedCampaign {
  /** Undefined if the campaign did not end by itself. */
  readonly report: CampaignReport | undefined;
  readonly failure: Finding | undefined;
}

/** An input that breaks a property, and the property. */
export interface Finding {
  readonly input: Uint8Array;
  readonly reason: string;
}

export interface Limits {
  /** The limit of one execution. It counts ticks, not time: when the machine pauses, so do they. */
  readonly ticksMax: number;
  readonly tickMs: number;
  readonly heapMebibytesMax: number;
}

const usualLimits: Limits = { ticksMax: 20, tickMs: 1_000, heapMebibytesMax: 512 };

/** Runs a campaign in a worker. Records the input with which it hangs or runs out of memory. */
export async function watchCampaign(
  task: Omit<WorkerTask, "memory">,
  found: (input: Uint8Array) => void,
  limits: Limits = usualLimits,
): Promise<WatchedCampaign> {
  const running = new RunningInput();
  const worker = new Worker(join(import.meta.dirname, "worker.ts"), {
    workerData: { ...task, memory: running.memory } satisfies WorkerTask,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMebibytesMax },
    execArgv: [],
  });
  let report: CampaignReport | undefined;
  let failure: Finding | undefined;
  worker.on("message", (message: WorkerMessage) => {
    if (message.kind === "found") found(message.input);
    else if (message.kind === "failed") failure = message;
    else report = message.report;
  });
  const ended = new AbortController();
  const exit = new Promise<void>((resolve, reject) => {
    worker.once("exit", () => resolve());
    worker.once("error", (error) => {
      const input = running.get();
      if (!hasCode(error, "ERR_WORKER_OUT_OF_MEMORY") || input === undefined) reject(error);
      else failure ??= { input, reason: `it takes more than ${limits.heapMebibytesMax} MiB of memory` };
    });
  }).finally(() => ended.abort());
  const hung = await Promise.race([exit, hangingInput(running, limits, ended.signal)]);
  if (hung !== undefined) {
    failure ??= {
      input: hung,
      reason: `it takes more than ${(limits.ticksMax * limits.tickMs) / 1_000} seconds`,
    };
    await worker.terminate();
  }
  await exit;
  return { report, failure };
}

/** Resolves with an input that takes too long, or with undefined when the watching ends. */
async function hangingInput(
  running: RunningInput,
  { ticksMax, tickMs }: Limits,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  let [turn, ticks] = [running.turn(), 0];
  try {
    for await (const _ of setInterval(tickMs, undefined, { signal })) {
      const now = running.turn();
      [turn, ticks] = now === turn && running.get() !== undefined ? [turn, ticks + 1] : [now, 0];
      if (ticks > ticksMax) return running.get();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return undefined;
}
