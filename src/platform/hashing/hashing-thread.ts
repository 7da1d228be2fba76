import type { Worker } from "node:worker_threads";
import { JobThread, startThread } from "../threads/job-thread.ts";
import type { FileToHash, Hashed } from "./hash-file.ts";

/** The program of the thread. The bundler puts it in; run from source, it is a file. */
declare const MIRRORCTL_HASH_WORKER: string | undefined;

/** A thread needs little but its read buffer. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** A thread that hashes batches of files, one after another. */
export class HashingThread implements AsyncDisposable {
  readonly #thread: JobThread<readonly FileToHash[], readonly Hashed[]>;
  #costBytes = 0;

  constructor(onRead: (sizeBytes: number) => void, worker: Worker = startWorker()) {
    this.#thread = new JobThread(worker, { name: "a thread that hashes files", onProgress: onRead });
  }

  /** How much it has to do. */
  get costBytes(): number {
    return this.#costBytes;
  }

  /** Returns the results of a batch in its order. Rejects if the thread ends before. */
  async hash(files: readonly FileToHash[], costBytes: number): Promise<readonly Hashed[]> {
    const batch = files.map(({ path, sizeBytes, algorithms }) => ({ path, sizeBytes, algorithms }));
    this.#costBytes += costBytes;
    try {
      return await this.#thread.do(batch, []);
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

const startWorker = (): Worker =>
  startThread(
    {
      text: typeof MIRRORCTL_HASH_WORKER === "undefined" ? undefined : MIRRORCTL_HASH_WORKER,
      file: new URL("./hash-worker.ts", import.meta.url),
    },
    { resourceLimits },
  );
