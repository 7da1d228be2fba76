/** The program of the thread that keeps received bytes. Only keeping-thread.ts starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { type Job, jobKeeper, type Workplace } from "./keep-job.ts";

const keepJob = jobKeeper(workerData as Workplace);

parentPort?.on("message", (jobs: readonly Job[]) => parentPort?.postMessage(jobs.map(keepJob), []));
