/** The program of the thread that keeps received bytes. Only keeping-thread.ts starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { readBufferBytes } from "../../platform/hashing/hash-file.ts";
import type { ListedFile } from "../../repository/index.ts";
import { createObjectStore } from "../object-store.ts";
import { type Found, keep } from "./keep.ts";

/** Received bytes, in a file or in a buffer that the thread has until it answers. */
export interface Job {
  readonly received:
    | { readonly path: string; readonly sizeBytes: number }
    | { readonly bytes: ArrayBuffer; readonly length: number; readonly modifiedAt: Date };
  readonly listed: ListedFile;
  readonly target: string;
}

export interface Answer {
  /** Undefined if the bytes were adopted. */
  readonly found: Found | undefined;
  readonly hasFailed: boolean;
  readonly bytes: ArrayBuffer | undefined;
}

const objects = createObjectStore(workerData as string);
const readBuffer = Buffer.allocUnsafeSlow(readBufferBytes);

parentPort?.on("message", (job: Job) => {
  const bytes = "bytes" in job.received ? job.received.bytes : undefined;
  parentPort?.postMessage({ ...attempt(job), bytes }, bytes === undefined ? [] : [bytes]);
});

/** An error loses its class on its way to another thread: that one does the same again, and meets it itself. */
function attempt(job: Job): Pick<Answer, "found" | "hasFailed"> {
  try {
    return { found: keepAtOnce(job), hasFailed: false };
  } catch {
    return { found: undefined, hasFailed: true };
  }
}

function keepAtOnce({ received, listed, target }: Job): Found | undefined {
  const given =
    "path" in received ? received : { ...received, bytes: Buffer.from(received.bytes, 0, received.length) };
  const steps = keep(objects, { received: given, listed, target }, readBuffer);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
