import type { Worker } from "node:worker_threads";
import { errorOf } from "../../platform/threads/failures.ts";
import { JobThread, startThread } from "../../platform/threads/job-thread.ts";
import type { ListedFile } from "../../repository/index.ts";
import { downloadMemory } from "../download-memory.ts";
import type { Received } from "../partial-file.ts";
import type { Found } from "./keep.ts";
import type { Job, Outcome, Workplace } from "./keep-job.ts";

/** The program of the thread. The bundler puts it in; run from source, it is a file. */
declare const MIRRORCTL_KEEPING_WORKER: string | undefined;

const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 };

/** One that it does, and one that waits for it: more would be smaller, and each message costs as much as several jobs. */
const batchesMax = 2;

interface Asked {
  readonly job: Job;
  readonly end: PromiseWithResolvers<Outcome>;
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
  async keep(
    received: Received,
    listed: ListedFile,
    target: string,
  ): Promise<{ readonly found: Found | undefined } | "refused"> {
    const { path, sizeBytes, digests } = listed;
    const end = Promise.withResolvers<Outcome>();
    const job = { received: toSend(received), listed: { path, sizeBytes, digests }, target };
    this.#waiting.push({ job, end });
    this.#sendSoon();
    return resultOf(await end.promise);
  }

  /** With all that comes in this turn of the event loop. */
  #sendSoon(): void {
    if (this.#willSend || this.#batches === batchesMax || this.#waiting.length === 0) return;
    this.#willSend = true;
    setImmediate(() => {
      this.#willSend = false;
      void this.#send(this.#waiting.splice(0));
    });
  }

  async #send(batch: readonly Asked[]): Promise<void> {
    this.#batches += 1;
    const jobs = batch.map(({ job }) => job);
    try {
      const outcomes = await this.#thread.do(jobs);
      for (const [index, { end }] of batch.entries()) end.resolve(outcomes[index] ?? "refused");
    } catch (error) {
      for (const { end } of batch) end.reject(error);
    }
    this.#batches -= 1;
    this.#sendSoon();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]();
  }
}

function toSend(received: Received): Job["received"] {
  if ("path" in received) return received;
  const { memory, modifiedAt } = received;
  return { offset: memory.offset, sizeBytes: memory.sizeBytes, modifiedAt };
}

function resultOf(outcome: Outcome): { readonly found: Found | undefined } | "refused" {
  if (outcome === "refused" || "found" in outcome) return outcome;
  throw errorOf(outcome.failure);
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
