import { MirrorctlError } from "../../errors.ts";
import { readBufferBytes } from "../../platform/hashing/hash-file.ts";
import { failureOf, type SystemFailure } from "../../platform/threads/failures.ts";
import type { ListedFile } from "../../repository/index.ts";
import { createObjectStore, type ObjectStore } from "../object-store.ts";
import { type Found, type Keeping, keep } from "./keep.ts";

/** What the thread has from its start. */
export interface Workplace {
  /** The directory of the objects. */
  readonly objects: string;
  /** Where downloads are until they have a file. */
  readonly memory: Uint8Array;
}

/** What the thread is to keep: received bytes, in a file or in the memory, where nobody changes them until it answers. */
export interface Job {
  readonly received:
    | { readonly path: string; readonly sizeBytes: number }
    | { readonly offset: number; readonly sizeBytes: number; readonly modifiedAt: Date };
  readonly listed: ListedFile;
  readonly target: string;
}

export type Outcome =
  /** Undefined if the bytes were adopted. */
  | { readonly found: Found | undefined }
  | { readonly failure: SystemFailure }
  /** An error of a class of ours. It would come without its class, and is met again by who does the same. */
  | "refused";

/** Returns what does one job after another. */
export function jobKeeper(workplace: Workplace): (job: Job) => Outcome {
  const objects = createObjectStore(workplace.objects);
  const memory = Buffer.from(workplace.memory.buffer);
  const readBuffer = Buffer.allocUnsafeSlow(readBufferBytes);
  return ({ received, listed, target }) => {
    if ("path" in received) return attempt(objects, { received, listed, target }, readBuffer);
    const { offset, sizeBytes, modifiedAt } = received;
    const bytes = memory.subarray(offset, offset + sizeBytes);
    return attempt(objects, { received: { bytes, modifiedAt }, listed, target }, readBuffer);
  };
}

function attempt(objects: ObjectStore, keeping: Keeping, readBuffer: Uint8Array): Outcome {
  try {
    return { found: keepAtOnce(objects, keeping, readBuffer) };
  } catch (error) {
    if (!(error instanceof Error) || error instanceof MirrorctlError) return "refused";
    return { failure: failureOf(error) };
  }
}

function keepAtOnce(objects: ObjectStore, keeping: Keeping, readBuffer: Uint8Array): Found | undefined {
  const steps = keep(objects, keeping, readBuffer);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
