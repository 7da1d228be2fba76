import { Worker } from "node:worker_threads";
import type { ListedFile } from "../../repository/index.ts";
import type { Received } from "../partial-file.ts";
import type { Found } from "./keep.ts";
import type { Answer, Job } from "./keeping-worker.ts";

/** The program of the thread. The bundler puts it in; run from source, it is a file. */
declare const MIRRORCTL_KEEPING_WORKER: string | undefined;

const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 };

/** A thread that keeps received bytes, one file after another. */
export class KeepingThread implements AsyncDisposable {
  readonly #worker: Worker;
  /** In the order in which the thread has got them. */
  readonly #waiting: PromiseWithResolvers<Answer>[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(objects: string, worker: Worker = startWorker(objects)) {
    this.#worker = worker
      .on("message", (answer: Answer) => this.#waiting.shift()?.resolve(answer))
      .on("error", (error) => this.#fail(error))
      .on("exit", (status) =>
        this.#fail(new Error(`the thread that keeps files ended with status ${status}`)),
      );
  }

  /** Bytes in memory belong to the thread meanwhile: nobody else can change what it hashes and writes. */
  async keep(
    received: Received,
    listed: ListedFile,
    target: string,
  ): Promise<{ readonly found: Found | undefined } | "failed"> {
    const { path, sizeBytes, digests } = listed;
    const what = { listed: { path, sizeBytes, digests }, target };
    if ("path" in received) return outcomeOf(await this.#ask({ ...what, received }, []));
    const { memory, modifiedAt } = received;
    const { sizeBytes: length } = memory;
    const bytes = memory.lend();
    const answer = await this.#ask({ ...what, received: { bytes, length, modifiedAt } }, [bytes]);
    if (answer.bytes !== undefined) memory.takeBack(answer.bytes);
    return outcomeOf(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(job: Job, transferred: readonly ArrayBuffer[]): Promise<Answer> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#worker.postMessage(job, transferred);
    const answer = Promise.withResolvers<Answer>();
    this.#waiting.push(answer);
    return answer.promise;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure.error);
  }
}

const outcomeOf = ({ hasFailed, found }: Answer): { readonly found: Found | undefined } | "failed" =>
  hasFailed ? "failed" : { found };

function startWorker(workerData: string): Worker {
  return typeof MIRRORCTL_KEEPING_WORKER === "undefined"
    ? new Worker(new URL("./keeping-worker.ts", import.meta.url), { resourceLimits, workerData })
    : new Worker(MIRRORCTL_KEEPING_WORKER, { eval: true, resourceLimits, workerData });
}
