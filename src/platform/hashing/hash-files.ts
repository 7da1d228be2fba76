import { setImmediate } from "node:timers/promises";
import { costOf, inBatches, threadsFor } from "../threads/in-batches.ts";
import { type FileToHash, type Hashed, hashFile, readBufferBytes } from "./hash-file.ts";
import { startHashingThread } from "./hashing-thread.ts";

export type { Hashed };

export interface HashingOptions {
  /** Called as bytes are read. */
  readonly onRead?: (sizeBytes: number) => void;
  /** How many threads to use. Zero: none beside the calling one. Unset: as many as pay. */
  readonly threads?: number;
}

/**
 * Hashes files, on all processors if there is much to do. Yields each file with its result, in the order of `files`. A file
 * that cannot be read is a result. Throws the signal's reason once it is aborted, and an error if a thread dies; its
 * threads have ended in any case when it ends.
 */
export async function* hashFiles<Asked extends FileToHash>(
  files: readonly Asked[],
  signal: AbortSignal,
  options: HashingOptions = {},
): AsyncGenerator<readonly [Asked, Hashed], void, undefined> {
  for await (const batch of hashInBatches(files, signal, options)) yield* batch;
}

/** Like `hashFiles`, for many small files: yields as many at once as are known. */
export async function* hashInBatches<Asked extends FileToHash>(
  files: readonly Asked[],
  signal: AbortSignal,
  { onRead = () => undefined, threads = threadsFor(files) }: HashingOptions = {},
): AsyncGenerator<readonly (readonly [Asked, Hashed])[], void, undefined> {
  if (threads === 0) yield* hashHere(files, signal, onRead);
  else yield* inBatches(files, signal, { count: threads, start: () => startHashingThread(onRead) });
}

/** Work between two turns of the event loop: some milliseconds. */
const costOfTurn = 4 << 20;

async function* hashHere<Asked extends FileToHash>(
  files: readonly Asked[],
  signal: AbortSignal,
  onRead: (sizeBytes: number) => void,
): AsyncGenerator<readonly (readonly [Asked, Hashed])[], void, undefined> {
  const buffer = Buffer.allocUnsafeSlow(readBufferBytes);
  let costSinceTurn = 0;
  let batch: (readonly [Asked, Hashed])[] = [];
  for (const file of files) {
    for (const step of hashFile(file, buffer)) {
      signal.throwIfAborted();
      if (typeof step !== "number") {
        batch.push([file, step]);
        continue;
      }
      onRead(step);
      costSinceTurn += costOf({ sizeBytes: step });
      if (costSinceTurn < costOfTurn) continue;
      if (batch.length > 0) yield batch;
      batch = [];
      costSinceTurn = 0;
      await setImmediate();
    }
  }
  if (batch.length > 0) yield batch;
}
