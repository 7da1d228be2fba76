import type { Worker } from "node:worker_threads";
import { JobThread } from "./job-thread.ts";

interface BatchThreadOptions<Item, Job> {
  /** For messages. */
  readonly name: string;
  /** Called with what the thread has read. */
  readonly onRead: (sizeBytes: number) => void;
  /** Returns what the thread gets of an item. */
  readonly jobOf: (item: Item) => Job;
}

/** A thread that does batches of items, one after another. */
export class BatchThread<Item, Job, Result> implements AsyncDisposable {
  readonly #thread: JobThread<readonly Job[], readonly Result[]>;
  readonly #jobOf: (item: Item) => Job;
  #costBytes = 0;

  constructor(worker: Worker, { name, onRead, jobOf }: BatchThreadOptions<Item, Job>) {
    this.#thread = new JobThread(worker, { name, onProgress: onRead });
    this.#jobOf = jobOf;
  }

  /** How much it has to do. */
  get costBytes(): number {
    return this.#costBytes;
  }

  /** Returns the results of a batch in its order. Rejects if the thread ends before. */
  async do(items: readonly Item[], costBytes: number): Promise<readonly Result[]> {
    this.#costBytes += costBytes;
    try {
      return await this.#thread.do(items.map(this.#jobOf));
    } finally {
      this.#costBytes -= costBytes;
    }
  }

  /** Gives up what is not done: rejects it with `error`. */
  fail(error: unknown): void {
    this.#thread.fail(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#thread[Symbol.asyncDispose]();
  }
}
