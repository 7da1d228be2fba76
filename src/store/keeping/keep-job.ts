import { MirrorctlError } from "../../errors.ts";
import { readBufferBytes } from "../../platform/hashing/hash-file.ts";
import { failureOf, type SystemFailure } from "../../platform/threads/failures.ts";
import type { ListedFile } from "../../repository/index.ts";
import { createObjectStore, type ObjectStore } from "../object-store.ts";
import { type Found, keep } from "./keep.ts";

/** What the thread is to keep: received bytes, in a file or in a buffer that it has until it answers. */
export interface Job {
  readonly received:
    | { readonly path: string; readonly sizeBytes: number }
    | { readonly bytes: ArrayBuffer; readonly length: number; readonly modifiedAt: Date };
  readonly listed: ListedFile;
  readonly target: string;
}

export interface Answer {
  readonly outcome: Outcome;
  readonly bytes: ArrayBuffer | undefined;
}

export type Outcome =
  /** Undefined if the bytes were adopted. */
  | { readonly found: Found | undefined }
  | { readonly failure: SystemFailure }
  /** An error of a class of ours. It would come without its class, and is met again by who does the same. */
  | "refused";

/** Returns what does one job after another, with the objects of a directory. */
export function jobKeeper(directory: string): (job: Job) => Answer {
  const objects = createObjectStore(directory);
  const readBuffer = Buffer.allocUnsafeSlow(readBufferBytes);
  return (job) => ({
    outcome: attempt(objects, job, readBuffer),
    bytes: "bytes" in job.received ? job.received.bytes : undefined,
  });
}

function attempt(objects: ObjectStore, job: Job, readBuffer: Uint8Array): Outcome {
  try {
    return { found: keepAtOnce(objects, job, readBuffer) };
  } catch (error) {
    if (!(error instanceof Error) || error instanceof MirrorctlError) return "refused";
    return { failure: failureOf(error) };
  }
}

function keepAtOnce(
  objects: ObjectStore,
  { received, listed, target }: Job,
  readBuffer: Uint8Array,
): Found | undefined {
  const given =
    "path" in received ? received : { ...received, bytes: Buffer.from(received.bytes, 0, received.length) };
  const steps = keep(objects, { received: given, listed, target }, readBuffer);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
