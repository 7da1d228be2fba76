/**
 * A disk on which things go wrong: every step that src/ takes on it is counted, and the Nth fails. It stands in place of
 * Node's own modules (see faulty-disk.setup.ts), and is a disk without faults wherever none is armed.
 */
import { constants as osConstants } from "node:os";

/**
 * EIO: the Nth step that changes something, or makes it durable, fails; all others go on.
 * ENOSPC: at the Nth step that needs room there is none, and from then on; what needs none goes on.
 * EROFS: from the Nth change on, nothing changes any more. What stands then is what a process leaves that dies there.
 * unreadable: the Nth look at the disk fails.
 */
export type Trouble = "EIO" | "ENOSPC" | "EROFS" | "unreadable";

export interface Step {
  readonly call: string;
  readonly path: string;
  readonly needs: "room" | "change" | "nothing" | "look";
}

export interface FaultReport<Result> {
  readonly outcome: { readonly result: Result } | { readonly error: unknown };
  /** The steps that failed; empty when the run took fewer than N. */
  readonly failed: readonly Step[];
  /** All that were taken, and those that failed. */
  readonly taken: readonly Step[];
}

class Armed {
  readonly #trouble: Trouble;
  readonly #at: number;
  #steps = 0;
  readonly failed: Step[] = [];
  readonly taken: Step[] = [];

  constructor(trouble: Trouble, at: number) {
    this.#trouble = trouble;
    this.#at = at;
  }

  meets(step: Step): boolean {
    this.taken.push(step);
    if (!befalls[this.#trouble](step)) return false;
    this.#steps++;
    const lasts = this.#trouble === "ENOSPC" || this.#trouble === "EROFS";
    const meets = lasts ? this.#steps >= this.#at : this.#steps === this.#at;
    if (meets) this.failed.push(step);
    return meets;
  }

  report<Result>(outcome: FaultReport<Result>["outcome"]): FaultReport<Result> {
    return { outcome, failed: this.failed, taken: this.taken };
  }

  errorOf(step: Step): Error {
    const code = this.#trouble === "unreadable" ? "EIO" : this.#trouble;
    if (step.call.startsWith("sqlite")) return sqliteError(code);
    const errno = -osConstants.errno[code];
    const message = `${code}: the disk of the test, ${step.call} '${step.path}'`;
    return Object.assign(new Error(message), { code, errno, syscall: step.call, path: step.path });
  }
}

const befalls: Readonly<Record<Trouble, (step: Step) => boolean>> = {
  EIO: ({ needs }) => needs !== "look",
  ENOSPC: ({ needs }) => needs === "room",
  EROFS: ({ needs }) => needs === "room" || needs === "change",
  unreadable: ({ needs }) => needs === "look",
};

/** As node:sqlite has them; the numbers are SQLite's. */
function sqliteError(code: "EIO" | "ENOSPC" | "EROFS"): Error {
  const errcode = { EIO: 10, ENOSPC: 13, EROFS: 8 }[code];
  return Object.assign(new Error(`${code}: the disk of the test`), { code: "ERR_SQLITE_ERROR", errcode });
}

let armed: Armed | undefined;

/** Runs something while the disk is in trouble at its `at`th step, counted from one. */
export async function inTrouble<Result>(
  trouble: Trouble,
  at: number,
  work: () => Promise<Result> | Result,
): Promise<FaultReport<Result>> {
  const disk = new Armed(trouble, at);
  armed = disk;
  try {
    return disk.report({ result: await work() });
  } catch (error) {
    return disk.report({ error });
  } finally {
    armed = undefined;
  }
}

/** The steps of something that ends well, such as "rename /srv/x", in the order in which they are taken. */
export async function stepsOf(work: () => unknown): Promise<readonly string[]> {
  const { outcome, taken } = await inTrouble("EIO", Infinity, work);
  if ("error" in outcome) throw outcome.error;
  return taken.filter(({ needs }) => needs !== "look").map(({ call, path }) => `${call} ${path}`);
}

/** Takes a step, or fails in its place. `halfway` is what such a step has done by then. */
export function take<Result>(step: Step, act: () => Result, halfway?: () => void): Result {
  const error = failureOf(step);
  if (error === undefined) return act();
  halfway?.();
  throw error;
}

export function failureOf(step: Step): Error | undefined {
  return armed?.meets(step) === true ? armed.errorOf(step) : undefined;
}

/** What stands behind node:fs, which this module has a part in replacing. */
const { readlinkSync } = process.getBuiltinModule("node:fs");

export function pathOfDescriptor(descriptor: number): string {
  return armed === undefined ? "" : readlinkSync(`/proc/self/fd/${descriptor}`);
}
