import { setImmediate } from "node:timers/promises";

/** Items between two turns of the event loop, where each takes about as long as a system call. */
const itemsBetweenTurns = 100;

/**
 * Iterates over a long list or walk, and lets the rest of the process have its turn after every so many items: timers,
 * signals, requests, other runs. Throws the signal's reason once it is aborted.
 */
export async function* paced<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  signal: AbortSignal,
  itemsPerTurn = itemsBetweenTurns,
): AsyncGenerator<Item, void, undefined> {
  let count = 0;
  for await (const item of items) {
    signal.throwIfAborted();
    yield item;
    if (++count % itemsPerTurn === 0) await setImmediate();
  }
}

/** Bytes that are hashed between two turns of the event loop: some milliseconds. */
const bytesBetweenTurns = 4 << 20;

/** Runs steps to their end, of which each yields how many bytes it took. The rest of the process has its turns as in `paced`. */
export async function finishPaced<Result>(steps: Generator<number, Result, undefined>): Promise<Result> {
  for (let bytes = 0; ; ) {
    const step = steps.next();
    if (step.done === true) return step.value;
    bytes += step.value;
    if (bytes < bytesBetweenTurns) continue;
    bytes = 0;
    await setImmediate();
  }
}

/**
 * Like `paced`, in batches: a step of an asynchronous loop takes as long as a fast system call. With work that makes no
 * system call, batches may be large.
 */
export async function* pacedBatches<Item>(
  items: Iterable<Item>,
  signal: AbortSignal,
  itemsPerTurn: number,
): AsyncGenerator<readonly Item[], void, undefined> {
  let batch: Item[] = [];
  for (const item of items) {
    if (batch.push(item) < itemsPerTurn) continue;
    signal.throwIfAborted();
    yield batch;
    batch = [];
    await setImmediate();
  }
  signal.throwIfAborted();
  if (batch.length > 0) yield batch;
}
