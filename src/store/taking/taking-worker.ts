/** The program of a thread that takes batches of files. Only taking-thread.ts starts it. */
import { parentPort, workerData } from "node:worker_threads";
import type { ThreadMessage } from "../../platform/threads/job-thread.ts";
import { type JobOutcome, jobTaker, type TakerSettings } from "./take-job.ts";
import type { Taking } from "./taking.ts";

/** The progress of a large file is shown at this pace. */
const progressBytes = 32 << 20;

let readBytes = 0;
const take = jobTaker(workerData as TakerSettings, (sizeBytes) => {
  readBytes += sizeBytes;
  if (readBytes >= progressBytes) sendProgress();
});

parentPort?.on("message", (batch: readonly Taking[]) => {
  const outcomes = batch.map(take);
  sendProgress();
  send(outcomes);
});

function sendProgress(): void {
  send(readBytes);
  readBytes = 0;
}

const send = (message: ThreadMessage<readonly JobOutcome[]>): void => parentPort?.postMessage(message, []);
