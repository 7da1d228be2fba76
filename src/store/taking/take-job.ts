import { MirrorctlError } from "../../errors.ts";
import { failureOf, type SystemFailure } from "../../platform/threads/failures.ts";
import { createObjectStore } from "../object-store.ts";
import { FileTaker, type TakerOptions } from "./take-file.ts";
import type { TakeOutcome, Taking } from "./taking.ts";

/** What a thread is started with. */
export interface TakerSettings extends TakerOptions {
  /** The directory of the objects. */
  readonly objects: string;
}

export type JobOutcome =
  | TakeOutcome
  | { readonly kind: "failed"; readonly failure: SystemFailure }
  /** An error of a class of ours. It would come without its class, and is met again by who does the same. */
  | { readonly kind: "refused" };

/** Returns what takes one file after another. Tells `onRead` how many bytes it has read. */
export function jobTaker({ objects, ...options }: TakerSettings, onRead: (sizeBytes: number) => void) {
  const taker = new FileTaker(createObjectStore(objects), options);
  return (taking: Taking): JobOutcome => {
    try {
      const steps = taker.take(taking);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        onRead(step.value);
      }
    } catch (error) {
      if (!(error instanceof Error) || error instanceof MirrorctlError) return { kind: "refused" };
      return { kind: "failed", failure: failureOf(error) };
    }
  };
}
