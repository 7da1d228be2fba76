import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { hasCode } from "../../errors.ts";
import { statIfAny } from "../look.ts";
import { FlushError } from "./flush-error.ts";

const run = promisify(execFile);

/**
 * By the signal of a run, which all its mirrors share: the file systems of which a flush has failed, and its error. The kernel
 * reports a lost write to the next flush alone, also if another mirror wrote the bytes.
 */
const failuresOf = new WeakMap<AbortSignal, Map<number, unknown>>();

/**
 * Flushes everything that was written to the file systems of these paths: syncfs(2), which Node lacks and coreutils' `sync -f` has.
 * Throws FlushError, also for what another flush of the run has failed with: what that lost may be below these paths.
 */
export async function flushFileSystems(paths: readonly string[], signal: AbortSignal): Promise<void> {
  const oneOfEach = new Map(paths.map((path) => [statIfAny(path)?.dev, path]));
  const devices = [...oneOfEach.keys()].filter((device) => device !== undefined);
  const failures = failuresOf.get(signal) ?? new Map<number, unknown>();
  failuresOf.set(signal, failures);
  try {
    await run("sync", ["-f", ...oneOfEach.values()]);
  } catch (cause) {
    if (!mayBeLost(cause)) throw cause;
    const error = isEndedBySignal(cause) ? cause : new FlushError(paths.join(", "), cause);
    for (const device of devices) failures.set(device, error);
    throw error;
  }
  for (const device of devices) if (failures.has(device)) throw failures.get(device);
}

/** Returns what a flush of the run has failed with on the file system of this path, if writes may be lost. */
export function lossOf(path: string, signal: AbortSignal): FlushError | undefined {
  const device = statIfAny(path)?.dev;
  const failure = device === undefined ? undefined : failuresOf.get(signal)?.get(device);
  return failure instanceof FlushError ? failure : undefined;
}

/** True for an error by which a flush may have reported a lost write. False if the command did not start. */
export const mayBeLost = (error: unknown): error is Error =>
  error instanceof Error && !("syscall" in error && String(error.syscall).startsWith("spawn"));

/** True for an error of a command that a signal has ended: Ctrl-C at a terminal, and systemd, send it to all processes. */
export const isEndedBySignal = (error: unknown): boolean =>
  error instanceof Error && "signal" in error && typeof error.signal === "string";

/** True if there are no coreutils, as in a minimal container. */
export const isCommandMissing = (error: unknown): boolean => hasCode(error, "ENOENT");
