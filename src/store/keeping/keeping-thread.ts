import type { Worker } from "node:worker_threads";
import { errorOf } from "../../platform/threads/failures.ts";
import { JobThread, startThread } from "../../platform/threads/job-thread.ts";
import type { ListedFile } from "../../repository/index.ts";
import { downloadMemory } from "../download-memory.ts";
import type { Received } from "../partial-file.ts";
import type { Found } from "./keep.ts";
import { type Job, jobOf, type Outcome, type Workplace } from "./keep-job.ts";

/** The program of the thread. The bundler puts it in; run from source, it is a file. */
declare const MIRRORCTL_KEEPING_WORKER: string | undefined;

const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 };

/** One that it does, and one that waits for it: more would be smaller, and each message costs as much as several jobs. */
const batchesMax = 2;

/** Fewer jobs wait for others, as long as some come in each turn of the event loop. */
const jobsOfBatch = 8;

export type Kept = { readonly found: Found | undefined } | "refused";

interface Asked {
  readonly job: Job;
  readonly resolve: (kept: Kept) => void;
  readonly reject: (reason: unknown) => void;
}

/** A thread that keeps received bytes, one file after another. */
export class KeepingThread implements AsyncDisposable {
  readonly #thread: JobThread<readonly Job[], readonly Outcome[]>;
  /** What the thread has not got yet. */
  #waiting: Asked[] = [];
  /** How many batches the thread has. */
  #batches = 0;
  #willSend = false;

  constructor(objects: string, worker: Worker = startWorker(objects)) {
    this.#thread = new JobThread(worker, { name: "the thread that keeps files" });
  }

  /**
   * The bytes must stay as they are meanwhile: they are hashed, and then written. Throws errors of the disk. They are not
   * tried again here: what is left of a failed attempt would be an error of its own.
   */
  keep(received: Received, listed: ListedFile, target: string): Promise<Kept> {
    const job = jobOf(received, listed, target);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#sendSoon();
    });
  }

  #sendSoon(): void {
    if (this.#willSend || this.#batches === batchesMax || this.#waiting.length === 0) return;
    this.#willSend = true;
    setImmediate(this.#sendUnlessMoreCome, 0);
  }

  /** A message costs as much as several jobs. `before` is how many waited a turn of the event loop ago. */
  readonly #sendUnlessMoreCome = (before: number): void => {
    const { length } = this.#waiting;
    if (length > before && length < jobsOfBatch) {
      setImmediate(this.#sendUnlessMoreCome, length);
      return;
    }
    this.#willSend = false;
    void this.#send(this.#waiting.splice(0));
  };

  async #send(batch: readonly Asked[]): Promise<void> {
    this.#batches += 1;
    const jobs = batch.map(({ job }) => job);
    try {
      const outcomes = await this.#thread.do(jobs);
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index] ?? "refused";
        if (outcome === "refused" || !("failure" in outcome)) resolve(outcome);
        else reject(errorOf(outcome.failure));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.#batches -= 1;
    this.#sendSoon();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]();
  }
}

function startWorker(objects: string): Worker {
  const workerData: Workplace = { objects, memory: downloadMemory().bytes };
  return startThread(
    {
      text: typeof MIRRORCTL_KEEPING_WORKER === "undefined" ? undefined : MIRRORCTL_KEEPING_WORKER,
      file: new URL("./keeping-worker.ts", import.meta.url),
    },
    { resourceLimits, workerData },
  );
}
