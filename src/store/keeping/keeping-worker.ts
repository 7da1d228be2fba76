/** The program of the thread that keeps received bytes. Only keeping-thread.ts starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { type Job, jobKeeper } from "./keep-job.ts";

const keepJob = jobKeeper(workerData as string);

parentPort?.on("message", (job: Job) => {
  const answer = keepJob(job);
  parentPort?.postMessage(answer, answer.bytes === undefined ? [] : [answer.bytes]);
});
