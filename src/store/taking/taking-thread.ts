import { BatchThread } from "../../platform/threads/batch-thread.ts";
import { startThread } from "../../platform/threads/job-thread.ts";
import type { JobOutcome, TakerSettings } from "./take-job.ts";
import type { Taking } from "./taking.ts";

/** The program of the thread. The bundler puts it in; run from source, it is a file. */
declare const MIRRORCTL_TAKING_WORKER: string | undefined;

const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** A taking, as `inBatches` counts its cost. */
export interface SizedTaking<Asked extends Taking> {
  readonly taking: Asked;
  readonly sizeBytes: number | undefined;
}

/** Starts a thread that takes batches of files. */
export const startTakingThread = <Asked extends Taking>(
  settings: TakerSettings,
  onRead: (sizeBytes: number) => void,
): BatchThread<SizedTaking<Asked>, Taking, JobOutcome> =>
  new BatchThread(
    startThread(
      {
        text: typeof MIRRORCTL_TAKING_WORKER === "undefined" ? undefined : MIRRORCTL_TAKING_WORKER,
        file: new URL("./taking-worker.ts", import.meta.url),
      },
      { resourceLimits, workerData: settings },
    ),
    { name: "a thread that takes files", onRead, jobOf: ({ taking }) => jobOf(taking) },
  );

function jobOf({ from, listed: { path, sizeBytes, digests }, target }: Taking): Taking {
  return { from, listed: { path, sizeBytes, digests }, target };
}
