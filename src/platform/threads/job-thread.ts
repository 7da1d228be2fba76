import { Worker, type WorkerOptions } from "node:worker_threads";

/** What the program of a thread sends: a number for its progress, or the result of its oldest job. */
export type ThreadMessage<Result> = number | Result;

/** A thread that does jobs in their order, one result for each. */
export class JobThread<Job, Result extends object> implements AsyncDisposable {
  readonly #worker: Worker;
  /** In the order in which the thread has got them. */
  readonly #waiting: PromiseWithResolvers<Result>[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(
    worker: Worker,
    { name, onProgress }: { readonly name: string; readonly onProgress?: (progress: number) => void },
  ) {
    this.#worker = worker
      .on("message", (message: ThreadMessage<Result>) => {
        if (typeof message === "number") onProgress?.(message);
        else this.#waiting.shift()?.resolve(message);
      })
      .on("error", (error) => this.fail(error))
      .on("exit", (status) => this.fail(new Error(`${name} ended with status ${status}`)));
  }

  /** Gives a job to the thread. Rejects if the thread ends before the result. */
  async do(job: Job): Promise<Result> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#worker.postMessage(job, []);
    const result = Promise.withResolvers<Result>();
    this.#waiting.push(result);
    return result.promise;
  }

  /** Gives up what is not done: rejects it with `error`. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure.error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Starts a program that the bundler has put in as text, or the file of that program when run from source. */
export const startThread = (
  { text, file }: { readonly text: string | undefined; readonly file: URL },
  options: WorkerOptions,
): Worker => (text === undefined ? new Worker(file, options) : new Worker(text, { ...options, eval: true }));
