/** Each step of the thread that names downloads fails on the disk: the error is that of the disk, and no name is wrong. */
import { EventEmitter } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { objectPath } from "../../src/layout.ts";
import { digestsOf } from "../../src/platform/running-digests.ts";
import { messageOf } from "../../src/report/errors.ts";
import { normalizePath } from "../../src/repository/index.ts";
import { downloadMemory } from "../../src/store/download-memory.ts";
import { createObjectStore, Keeper, PartialFile } from "../../src/store/index.ts";
import { type Job, jobKeeper } from "../../src/store/keeping/keep-job.ts";
import { KeepingThread } from "../../src/store/keeping/keeping-thread.ts";
import { temporaryDirectory } from "../support/index.ts";
import { type Fault, type FaultReport, withFault } from "./faulty-disk.ts";

/** Does the work of the thread in this one, whose disk has the faults. Messages are copied as between threads. */
class ThreadHere extends EventEmitter {
  readonly #keepJob: ReturnType<typeof jobKeeper>;

  constructor(objects: string) {
    super();
    this.#keepJob = jobKeeper({ objects, memory: downloadMemory().bytes });
  }

  postMessage(jobs: readonly Job[]): void {
    const copies = structuredClone(jobs);
    setImmediate(() => this.emit("message", structuredClone(copies.map(this.#keepJob))));
  }

  terminate = (): Promise<number> => Promise.resolve(0);
}

const startHere = (objects: string): KeepingThread =>
  new KeepingThread(objects, new ThreadHere(objects) as unknown as Worker);

/** The thread makes the directory. */
function neverAsked(): never {
  throw new Error("the thread has refused the file");
}

/** Keeps a file on a disk with a fault. Returns what was wrong afterwards, or undefined if no step failed. */
async function problemsOf(bytes: Buffer, fault: Fault, at: number): Promise<readonly string[] | undefined> {
  await using directory = await temporaryDirectory();
  const [objects, target] = [directory.join("objects"), directory.join("tree/new/a")];
  await using keeper = new Keeper(createObjectStore(objects), objects, startHere);
  keeper.expect(100_000, 0);
  const partial = PartialFile.open(directory.join("partial/a"));
  partial.begin(0, {});
  partial.write(bytes);
  const received = partial.finish(new Date(0));
  const listed = {
    path: normalizePath("pool/a.deb"),
    sizeBytes: bytes.length,
    digests: digestsOf(bytes),
  };
  const report = await withFault(fault, at, () => keeper.keep(received, listed, target, neverAsked));
  if (report.failed.length === 0) return undefined;
  const object = objectPath(objects, listed.digests.sha256);
  const problems = problemsOfOutcome(report);
  if (existsSync(object) && !readFileSync(object).equals(bytes)) problems.push("an object has wrong bytes");
  return problems.map((problem) => `${fault} at step ${at}, ${report.failed[0]?.call}: ${problem}`);
}

function problemsOfOutcome({ outcome }: FaultReport<unknown>): string[] {
  if ("result" in outcome) return ["it succeeds"];
  const message = messageOf(outcome.error);
  return message.includes("the disk of the test") ? [] : [`it fails for another reason: ${message}`];
}

const stepsMax = 100;

describe.each([
  ["in memory", Buffer.from("bytes")],
  ["in a file", Buffer.alloc(600_000, "many ")],
])("a download %s", (_, bytes) => {
  test.each(["EIO", "ENOSPC", "EROFS"] as const)("meets %s at each step of the thread", async (fault) => {
    const problems: string[] = [];
    let steps = 0;
    for (; steps < stepsMax; steps++) {
      const found = await problemsOf(bytes, fault, steps + 1);
      if (found === undefined) break;
      problems.push(...found);
    }
    expect(problems).toEqual([]);
    expect(steps).toBeGreaterThan(2);
    expect(steps).toBeLessThan(stepsMax);
  });
});
