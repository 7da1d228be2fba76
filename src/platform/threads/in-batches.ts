import { availableParallelism } from "node:os";
import type { BatchThread } from "./batch-thread.ts";

/** To open and close a file takes as long as to hash this many bytes more. */
const costOfFile = 16 << 10;
export const costOf = ({ sizeBytes = 0 }: { readonly sizeBytes?: number | undefined }): number =>
  costOfFile + sizeBytes;

/** A thread costs about 20 ms and 10 MB of memory. Less work than this is done before it has started. */
const costOfThread = 32 << 20;
/** These hash about 12 GB/s, which is more than disks read. */
const threadsMax = 8;

/** Returns how many threads pay for these files; 0 for none beside the calling one. */
export function threadsFor(files: readonly { readonly sizeBytes?: number | undefined }[]): number {
  const cost = files.reduce((sum, file) => sum + costOf(file), 0);
  const threads = Math.min(availableParallelism(), threadsMax, files.length, Math.floor(cost / costOfThread));
  return threads < 2 ? 0 : threads;
}

const costOfBatch = 4 << 20;
/** Batches under way or waiting for their turn to be yielded: enough to keep the others busy while one reads a large file. */
const batchesPerThread = 32;

interface BatchOptions<Item, Job, Result> {
  readonly count: number;
  readonly start: () => BatchThread<Item, Job, Result>;
}

/**
 * Gives files to threads, in batches. Yields them with their results, batch by batch, in their order: a step of an
 * asynchronous loop for each file would take as long as to read it. Throws the signal's reason once it is
 * aborted, and an error if a thread dies; all threads have ended when it ends.
 */
export async function* inBatches<Item extends { readonly sizeBytes?: number | undefined }, Job, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  { count, start }: BatchOptions<Item, Job, Result>,
): AsyncGenerator<readonly (readonly [Item, Result])[], void, undefined> {
  signal.throwIfAborted();
  await using started = new AsyncDisposableStack();
  const threads = Array.from({ length: count }, () => started.use(start()));
  const giveUp = (): void => threads.forEach((thread) => thread.fail(signal.reason));
  signal.addEventListener("abort", giveUp);
  started.defer(() => signal.removeEventListener("abort", giveUp));
  const underWay: { readonly batch: readonly Item[]; readonly end: Promise<readonly Result[]> }[] = [];
  for (const { batch, cost } of batchesOf(items)) {
    const oldest = underWay.length < count * batchesPerThread ? undefined : underWay.shift();
    if (oldest !== undefined) yield zip(oldest.batch, await oldest.end);
    const end = leastBusy(threads).do(batch, cost);
    end.catch(() => undefined); // thrown in its turn
    underWay.push({ batch, end });
  }
  for (const { batch, end } of underWay) yield zip(batch, await end);
}

function* batchesOf<Item extends { readonly sizeBytes?: number | undefined }>(
  items: readonly Item[],
): Generator<{ readonly batch: readonly Item[]; readonly cost: number }> {
  let batch: Item[] = [];
  let cost = 0;
  for (const item of items) {
    batch.push(item);
    cost += costOf(item);
    if (cost < costOfBatch) continue;
    yield { batch, cost };
    batch = [];
    cost = 0;
  }
  if (batch.length > 0) yield { batch, cost };
}

const leastBusy = <Thread extends { readonly costBytes: number }>(threads: readonly Thread[]): Thread =>
  threads.reduce((least, thread) => (thread.costBytes < least.costBytes ? thread : least));

function zip<Item, Result>(
  items: readonly Item[],
  results: readonly Result[],
): readonly (readonly [Item, Result])[] {
  return items.map((item, index) => {
    const result = results[index];
    if (result === undefined) throw new Error("a thread returned too few results");
    return [item, result];
  });
}
