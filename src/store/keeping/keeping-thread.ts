import type { Worker } from "node:worker_threads";
import { errorOf } from "../../platform/threads/failures.ts";
import { JobThread, startThread } from "../../platform/threads/job-thread.ts";
import type { ListedFile } from "../../repository/index.ts";
import type { Received } from "../partial-file.ts";
import type { Found } from "./keep.ts";
import type { Answer, Job, Outcome } from "./keep-job.ts";

/** The program of the thread. The bundler puts it in; run from source, it is a file. */
declare const MIRRORCTL_KEEPING_WORKER: string | undefined;

const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 };

/** A thread that keeps received bytes, one file after another. */
export class KeepingThread implements AsyncDisposable {
  readonly #thread: JobThread<Job, Answer>;

  constructor(objects: string, worker: Worker = startWorker(objects)) {
    this.#thread = new JobThread(worker, { name: "the thread that keeps files" });
  }

  /**
   * Bytes in memory belong to the thread meanwhile: nobody else can change what it hashes and writes. Throws errors of the
   * disk. They are not tried again here: what is left of a failed attempt would be an error of its own.
   */
  async keep(
    received: Received,
    listed: ListedFile,
    target: string,
  ): Promise<{ readonly found: Found | undefined } | "refused"> {
    const { path, sizeBytes, digests } = listed;
    const what = { listed: { path, sizeBytes, digests }, target };
    if ("path" in received) return resultOf((await this.#thread.do({ ...what, received }, [])).outcome);
    const { memory, modifiedAt } = received;
    const { sizeBytes: length } = memory;
    const bytes = memory.lend();
    const answer = await this.#thread.do({ ...what, received: { bytes, length, modifiedAt } }, [bytes]);
    if (answer.bytes !== undefined) memory.takeBack(answer.bytes);
    return resultOf(answer.outcome);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]();
  }
}

function resultOf(outcome: Outcome): { readonly found: Found | undefined } | "refused" {
  if (outcome === "refused" || "found" in outcome) return outcome;
  throw errorOf(outcome.failure);
}

const startWorker = (workerData: string): Worker =>
  startThread(
    {
      text: typeof MIRRORCTL_KEEPING_WORKER === "undefined" ? undefined : MIRRORCTL_KEEPING_WORKER,
      file: new URL("./keeping-worker.ts", import.meta.url),
    },
    { resourceLimits, workerData },
  );
