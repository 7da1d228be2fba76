import type { Worker } from "node:worker_threads";
import { BatchThread } from "../threads/batch-thread.ts";
import { startThread } from "../threads/job-thread.ts";
import type { FileToHash, Hashed } from "./hash-file.ts";

/** The program of the thread. The bundler puts it in; run from source, it is a file. */
declare const MIRRORCTL_HASH_WORKER: string | undefined;

/** A thread needs little but its read buffer. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** A thread that hashes batches of files. */
export type HashingThread = BatchThread<FileToHash, FileToHash, Hashed>;

export const startHashingThread = (
  onRead: (sizeBytes: number) => void,
  worker: Worker = startWorker(),
): HashingThread =>
  new BatchThread(worker, {
    name: "a thread that hashes files",
    onRead,
    jobOf: ({ path, sizeBytes, algorithms }: FileToHash): FileToHash => ({ path, sizeBytes, algorithms }),
  });

const startWorker = (): Worker =>
  startThread(
    {
      text: typeof MIRRORCTL_HASH_WORKER === "undefined" ? undefined : MIRRORCTL_HASH_WORKER,
      file: new URL("./hash-worker.ts", import.meta.url),
    },
    { resourceLimits },
  );
