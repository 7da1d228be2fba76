import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { type FileToHash, type Hashed, hashFile, readBufferBytes } from "./hash-file.ts";
import { HashingThread } from "./hashing-thread.ts";

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
  { onRead = () => undefined, threads = threadsFor(files) }: HashingOptions = {},
): AsyncGenerator<readonly [Asked, Hashed], void, undefined> {
  if (threads === 0) yield* hashHere(files, signal, onRead);
  else yield* hashInThreads(files, signal, onRead, threads);
}

/** To open and close a file takes as long as to hash this many bytes more. */
const costOfFile = 16 << 10;
const costOf = ({ sizeBytes }: FileToHash): number => costOfFile + sizeBytes;

/** A thread costs about 20 ms and 10 MB of memory. Less work than this is done before it has started. */
const costOfThread = 32 << 20;
/** These hash about 12 GB/s, which is more than disks read. */
const threadsMax = 8;

function threadsFor(files: readonly FileToHash[]): number {
  const cost = files.reduce((sum, file) => sum + costOf(file), 0);
  const threads = Math.min(availableParallelism(), threadsMax, files.length, Math.floor(cost / costOfThread));
  return threads < 2 ? 0 : threads;
}

/** Work between two turns of the event loop: some milliseconds. */
const costOfTurn = 4 << 20;

async function* hashHere<Asked extends FileToHash>(
  files: readonly Asked[],
  signal: AbortSignal,
  onRead: (sizeBytes: number) => void,
): AsyncGenerator<readonly [Asked, Hashed], void, undefined> {
  const buffer = Buffer.allocUnsafeSlow(readBufferBytes);
  let costSinceTurn = 0;
  for (const file of files) {
    for (const step of hashFile(file, buffer)) {
      signal.throwIfAborted();
      if (typeof step !== "number") {
        yield [file, step];
        continue;
      }
      onRead(step);
      costSinceTurn += costOfFile + step;
      if (costSinceTurn < costOfTurn) continue;
      costSinceTurn = 0;
      await setImmediate();
    }
  }
}

const costOfBatch = 4 << 20;
/** Batches under way or waiting for their turn to be yielded: enough to keep the others busy while one hashes a large file. */
const batchesPerThread = 32;

async function* hashInThreads<Asked extends FileToHash>(
  files: readonly Asked[],
  signal: AbortSignal,
  onRead: (sizeBytes: number) => void,
  count: number,
): AsyncGenerator<readonly [Asked, Hashed], void, undefined> {
  signal.throwIfAborted();
  await using started = new AsyncDisposableStack();
  const threads = Array.from({ length: count }, () => started.use(new HashingThread(onRead)));
  const giveUp = (): void => threads.forEach((thread) => thread.fail(signal.reason));
  signal.addEventListener("abort", giveUp);
  started.defer(() => signal.removeEventListener("abort", giveUp));
  const underWay: { readonly batch: readonly Asked[]; readonly end: Promise<readonly Hashed[]> }[] = [];
  for (const { batch, cost } of batchesOf(files)) {
    const oldest = underWay.length < count * batchesPerThread ? undefined : underWay.shift();
    if (oldest !== undefined) yield* zip(oldest.batch, await oldest.end);
    const end = leastBusy(threads).hash(batch, cost);
    end.catch(() => undefined); // thrown in its turn
    underWay.push({ batch, end });
  }
  for (const { batch, end } of underWay) yield* zip(batch, await end);
}

function* batchesOf<Asked extends FileToHash>(
  files: readonly Asked[],
): Generator<{ readonly batch: readonly Asked[]; readonly cost: number }> {
  let batch: Asked[] = [];
  let cost = 0;
  for (const file of files) {
    batch.push(file);
    cost += costOf(file);
    if (cost < costOfBatch) continue;
    yield { batch, cost };
    batch = [];
    cost = 0;
  }
  if (batch.length > 0) yield { batch, cost };
}

const leastBusy = (threads: readonly HashingThread[]): HashingThread =>
  threads.reduce((least, thread) => (thread.costBytes < least.costBytes ? thread : least));

function* zip<Asked>(
  files: readonly Asked[],
  results: readonly Hashed[],
): Generator<readonly [Asked, Hashed]> {
  for (const [index, file] of files.entries()) {
    const result = results[index];
    if (result === undefined) throw new Error("a thread that hashes files returned too few results");
    yield [file, result];
  }
}
