import { readdirSync, readFileSync } from "node:fs";
import { hasCode } from "../../src/errors.ts";

const pageBytes = 4_096;

/** Returns the memory of the descendants of a process, as the sum of their resident sets. */
export function bytesOfDescendants(pid: number): number {
  let sum = 0;
  for (const child of childrenOf(pid)) {
    const [, resident = "0"] = textOf(`/proc/${child}/statm`).split(" ");
    sum += Number(resident) * pageBytes + bytesOfDescendants(child);
  }
  return sum;
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
