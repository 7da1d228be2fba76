import { finishPaced } from "../../platform/flow/paced.ts";
import { errorOf } from "../../platform/threads/failures.ts";
import { inBatches, threadsFor } from "../../platform/threads/in-batches.ts";
import { createObjectStore } from "../object-store.ts";
import { FileTaker } from "./take-file.ts";
import type { JobOutcome, TakerSettings } from "./take-job.ts";
import type { TakeOutcome, Taking } from "./taking.ts";
import { startTakingThread } from "./taking-thread.ts";

export interface TakingOptions extends TakerSettings {
  /** Called as bytes are read. */
  readonly onRead: (sizeBytes: number) => void;
  /** How many threads to use. Zero: none beside the calling one. Unset: as many as pay. */
  readonly threads?: number;
}

/**
 * Takes files, on all processors if there is much to do. No two of them are of one content. Yields each with its outcome, in
 * their order. Throws errors of the store's own disk, and the signal's reason once it is aborted.
 */
export async function* takeFiles<Asked extends Taking>(
  takings: readonly Asked[],
  signal: AbortSignal,
  options: TakingOptions,
): AsyncGenerator<readonly [Asked, TakeOutcome], void, undefined> {
  const { onRead, threads, ...settings } = options;
  const sized = takings.map((taking) => ({ taking, sizeBytes: taking.listed.sizeBytes }));
  const count = threads ?? threadsFor(sized);
  const taker = new FileTaker(createObjectStore(settings.objects), settings);
  const takeHere = (taking: Asked): Promise<TakeOutcome> =>
    finishPaced(reporting(taker.take(taking), onRead));
  if (count === 0)
    for (const taking of takings) {
      signal.throwIfAborted();
      yield [taking, await takeHere(taking)];
    }
  else {
    const start = () => startTakingThread<Asked>(settings, onRead);
    for await (const batch of inBatches(sized, signal, { count, start }))
      for (const [{ taking }, outcome] of batch)
        yield [taking, outcomeOf(outcome) ?? (await takeHere(taking))];
  }
}

/** Throws errors of the disk. Returns undefined for what must be tried here, where the error has its class. */
function outcomeOf(outcome: JobOutcome): TakeOutcome | undefined {
  if (outcome.kind === "failed") throw errorOf(outcome.failure);
  return outcome.kind === "refused" ? undefined : outcome;
}

function* reporting<Result>(
  steps: Generator<number, Result, undefined>,
  onRead: (sizeBytes: number) => void,
): Generator<number, Result, undefined> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    onRead(step.value);
    yield step.value;
  }
}
