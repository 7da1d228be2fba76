/**
 * A disk with faults: every step that src/ takes on it is counted, and the Nth fails. It replaces Node's own modules (see
 * faulty-disk.setup.ts), and has no faults while none is armed.
 */
import { constants as osConstants } from "node:os";

/**
 * EIO: the Nth step that changes something, or makes it durable, fails. All other steps work.
 * ENOSPC: the Nth step that needs room fails, and so do all later ones. Steps that need no room work.
 * EROFS: the Nth change fails, and so do all later ones. The disk is then as if the process had died there.
 * unreadable: the Nth look at the disk fails.
 */
export type Fault = "EIO" | "ENOSPC" | "EROFS" | "unreadable";

export interface Step {
  readonly call: string;
  readonly path: string;
  readonly needs: "room" | "change" | "nothing" | "look";
}

export interface FaultReport<Result> {
  readonly outcome: { readonly result: Result } | { readonly error: unknown };
  /** The steps that failed. Empty if the run took fewer than N steps. */
  readonly failed: readonly Step[];
  /** All steps, including those that failed. */
  readonly taken: readonly Step[];
}

class Armed {
  readonly #fault: Fault;
  readonly #at: number;
  #steps = 0;
  readonly failed: Step[] = [];
  readonly taken: Step[] = [];

  constructor(fault: Fault, at: number) {
    this.#fault = fault;
    this.#at = at;
  }

  fails(step: Step): boolean {
    this.taken.push(step);
    if (!affects[this.#fault](step)) return false;
    this.#steps++;
    const lasts = this.#fault === "ENOSPC" || this.#fault === "EROFS";
    const fails = lasts ? this.#steps >= this.#at : this.#steps === this.#at;
    if (fails) this.failed.push(step);
    return fails;
  }

  report<Result>(outcome: FaultReport<Result>["outcome"]): FaultReport<Result> {
    return { outcome, failed: this.failed, taken: this.taken };
  }

  errorOf(step: Step): Error {
    const code = this.#fault === "unreadable" ? "EIO" : this.#fault;
    if (step.call.startsWith("sqlite")) return sqliteError(code);
    const errno = -osConstants.errno[code];
    const message = `${code}: the disk of the test, ${step.call} '${step.path}'`;
    return Object.assign(new Error(message), { code, errno, syscall: step.call, path: step.path });
  }
}

const affects: Readonly<Record<Fault, (step: Step) => boolean>> = {
  EIO: ({ needs }) => needs !== "look",
  ENOSPC: ({ needs }) => needs === "room",
  EROFS: ({ needs }) => needs === "room" || needs === "change",
  unreadable: ({ needs }) => needs === "look",
};

/** Makes an error like those of node:sqlite, with SQLite's numbers. */
function sqliteError(code: "EIO" | "ENOSPC" | "EROFS"): Error {
  const errcode = { EIO: 10, ENOSPC: 13, EROFS: 8 }[code];
  return Object.assign(new Error(`${code}: the disk of the test`), { code: "ERR_SQLITE_ERROR", errcode });
}

let armed: Armed | undefined;

/** Runs `work` on a disk whose `at`th step has a fault, counted from one. */
export async function withFault<Result>(
  fault: Fault,
  at: number,
  work: () => Promise<Result> | Result,
): Promise<FaultReport<Result>> {
  const disk = new Armed(fault, at);
  armed = disk;
  try {
    return disk.report({ result: await work() });
  } catch (error) {
    return disk.report({ error });
  } finally {
    armed = undefined;
  }
}

/** Returns the steps of `work`, which must succeed, in order, such as "rename /srv/x". */
export async function stepsOf(work: () => unknown): Promise<readonly string[]> {
  const { outcome, taken } = await withFault("EIO", Infinity, work);
  if ("error" in outcome) throw outcome.error;
  return taken.filter(({ needs }) => needs !== "look").map(({ call, path }) => `${call} ${path}`);
}

/** Takes a step, or throws instead. `halfway` does what such a step has done before it fails. */
export function take<Result>(step: Step, act: () => Result, halfway?: () => void): Result {
  const error = failureOf(step);
  if (error === undefined) return act();
  halfway?.();
  throw error;
}

export function failureOf(step: Step): Error | undefined {
  return armed?.fails(step) === true ? armed.errorOf(step) : undefined;
}

/** Node's own node:fs, which this module helps to replace. */
const { readlinkSync } = process.getBuiltinModule("node:fs");

export function pathOfDescriptor(descriptor: number): string {
  return armed === undefined ? "" : readlinkSync(`/proc/self/fd/${descriptor}`);
}
