/** The program of a thread that hashes batches of files. Only hashing-thread.ts starts it. */
import { parentPort } from "node:worker_threads";
import type { ThreadMessage } from "../threads/job-thread.ts";
import { type FileToHash, type Hashed, hashFile, readBufferBytes } from "./hash-file.ts";

/** The progress of a large file is shown at this pace. */
const progressBytes = 32 << 20;

const buffer = Buffer.allocUnsafeSlow(readBufferBytes);

parentPort?.on("message", (batch: readonly FileToHash[]) => {
  const hashed: Hashed[] = [];
  let readBytes = 0;
  for (const file of batch) {
    for (const step of hashFile(file, buffer)) {
      if (typeof step === "number") readBytes += step;
      else hashed.push(step);
      if (readBytes < progressBytes) continue;
      send(readBytes);
      readBytes = 0;
    }
  }
  send(readBytes);
  send(hashed);
});

/** Sends how many bytes it has read since it last said so or, at the end of a batch, its results. */
const send = (message: ThreadMessage<readonly Hashed[]>): void => parentPort?.postMessage(message, []);
