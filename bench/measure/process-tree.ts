import { readdirSync, readFileSync } from "node:fs";
import { hasCode } from "../../src/errors.ts";

const pageBytes = 4_096;

/** Memory of several processes: the sum of their resident sets. */
export interface Memory {
  readonly bytes: number;
  /** Without the pages of files, such as the program's own. How many of these are resident is up to the kernel. */
  readonly ownBytes: number;
}

/** Returns the memory of the descendants of a process. */
export function memoryOfDescendants(pid: number): Memory {
  let [bytes, ownBytes] = [0, 0];
  for (const child of childrenOf(pid)) {
    const [, resident = 0, ofFiles = 0] = textOf(`/proc/${child}/statm`).split(" ").map(Number);
    const descendants = memoryOfDescendants(child);
    bytes += resident * pageBytes + descendants.bytes;
    ownBytes += (resident - ofFiles) * pageBytes + descendants.ownBytes;
  }
  return { bytes, ownBytes };
}

/** Each thread lists the processes that it started: proc(5). */
const childrenOf = (pid: number): readonly number[] =>
  threadsOf(pid).flatMap((thread) =>
    textOf(`/proc/${pid}/task/${thread}/children`)
      .split(" ")
      .filter((child) => child !== "")
      .map(Number),
  );

const threadsOf = (pid: number): readonly string[] =>
  unlessEnded(() => readdirSync(`/proc/${pid}/task`)) ?? [];

const textOf = (file: string): string => unlessEnded(() => readFileSync(file, "utf8")) ?? "";

/** Processes end at any moment. */
function unlessEnded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ESRCH")) return undefined;
    throw error;
  }
}
