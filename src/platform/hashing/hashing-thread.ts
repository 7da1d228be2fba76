import { Worker } from "node:worker_threads";
import type { FileToHash, Hashed } from "./hash-file.ts";
import type { ThreadMessage } from "./hash-worker.ts";

/** The program of the thread. The bundler puts it in; run from source, it is a file. */
declare const MIRRORCTL_HASH_WORKER: string | undefined;

/** A thread needs little but its read buffer. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** A thread that hashes batches of files, one after another. */
export class HashingThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #onRead: (sizeBytes: number) => void;
  /** Batches without results yet, in the order in which the thread has got them. */
  readonly #waiting: { readonly costBytes: number; readonly end: PromiseWithResolvers<readonly Hashed[]> }[] =
    [];
  #failure: { readonly error: unknown } | undefined;

  constructor(onRead: (sizeBytes: number) => void, worker: Worker = startWorker()) {
    this.#onRead = onRead;
    this.#worker = worker
      .on("message", (message: ThreadMessage) => this.#receive(message))
      .on("error", (error) => this.fail(error))
      .on("exit", (status) => this.fail(new Error(`a thread that hashes files ended with status ${status}`)));
  }

  /** How much it has to do. */
  get costBytes(): number {
    return this.#waiting.reduce((sum, { costBytes }) => sum + costBytes, 0);
  }

  /** Returns the results of a batch in its order. Rejects if the thread ends before. */
  async hash(files: readonly FileToHash[], costBytes: number): Promise<readonly Hashed[]> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const batch = files.map(({ path, sizeBytes, algorithms }) => ({ path, sizeBytes, algorithms }));
    this.#worker.postMessage(batch, []);
    const end = Promise.withResolvers<readonly Hashed[]>();
    this.#waiting.push({ costBytes, end });
    return end.promise;
  }

  /** Gives up what is not done: rejects it with `error`. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { end } of this.#waiting.splice(0)) end.reject(this.#failure.error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: ThreadMessage): void {
    if (typeof message === "number") this.#onRead(message);
    else this.#waiting.shift()?.end.resolve(message);
  }
}

function startWorker(): Worker {
  return typeof MIRRORCTL_HASH_WORKER === "undefined"
    ? new Worker(new URL("./hash-worker.ts", import.meta.url), { resourceLimits })
    : new Worker(MIRRORCTL_HASH_WORKER, { eval: true, resourceLimits });
}
