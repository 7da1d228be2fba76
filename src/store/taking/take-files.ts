import { finishPaced } from "../../platform/paced.ts";
import type { ObjectStore } from "../object-store.ts";
import { FileTaker, type TakerOptions } from "./take-file.ts";
import type { TakeOutcome, Taking } from "./taking.ts";

export interface TakingOptions extends TakerOptions {
  /** Called as bytes are read. */
  readonly onRead: (sizeBytes: number) => void;
}

/** Takes files, each content once at a time. Yields each with its outcome. Throws errors of the store's own disk. */
export async function* takeFiles<Asked extends Taking>(
  objects: ObjectStore,
  takings: readonly Asked[],
  signal: AbortSignal,
  { onRead, ...options }: TakingOptions,
): AsyncGenerator<readonly [Asked, TakeOutcome], void, undefined> {
  const taker = new FileTaker(objects, options);
  for (const taking of takings) {
    signal.throwIfAborted();
    yield [taking, await finishPaced(reporting(taker.take(taking), onRead))];
  }
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
