/** Turns errors into text and exit statuses. Nothing else does. */
import { type ErrorArea, hasCode, haveInodesRunOut, MirrorctlError } from "../errors.ts";
import { readOnlyHint } from "../platform/files.ts";
import { ownershipHint } from "../platform/ownership.ts";
import { shortList } from "./words/short-list.ts";

/** The exit statuses of the program. */
export const exitStatus = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  locked: 4,
  interrupted: 130,
  terminated: 143,
} as const;

/** The words for the help of every command. */
export const exitStatusWords: readonly (readonly [status: number, words: string])[] = [
  [exitStatus.done, "done"],
  [exitStatus.failed, "failed"],
  [exitStatus.usage, "wrong usage or configuration"],
  [exitStatus.refused, "refused"],
  [exitStatus.locked, "another run holds the lock"],
  [exitStatus.interrupted, "interrupted by Ctrl-C (SIGINT)"],
  [exitStatus.terminated, "terminated by SIGTERM or SIGHUP"],
];

/** A terminal sends SIGHUP when it closes. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** A signal stopped the run. It is the reason of the abort signal. */
export class Interrupted extends Error {
  readonly signal: StopSignal;

  constructor(signal: StopSignal) {
    super(`interrupted by ${signal}: what has come so far is kept, and the next run continues from it`);
    this.name = "Interrupted";
    this.signal = signal;
  }
}

const statusOfArea = {
  config: exitStatus.usage,
  upstream: exitStatus.failed,
  repository: exitStatus.failed,
  trust: exitStatus.failed,
  store: exitStatus.failed,
  snapshot: exitStatus.failed,
  publish: exitStatus.failed,
  gate: exitStatus.refused,
  export: exitStatus.failed,
  lock: exitStatus.locked,
} as const satisfies Record<ErrorArea, number>;

export function exitStatusOf(error: unknown): number {
  if (error instanceof Interrupted)
    return error.signal === "SIGINT" ? exitStatus.interrupted : exitStatus.terminated;
  return error instanceof MirrorctlError ? statusOfArea[error.area] : exitStatus.failed;
}

/** Returns the status of several failures: that of an interruption, or the one that all have, or plain failure. */
export function statusOfFailures(errors: readonly unknown[]): number {
  const interrupted = errors.find((error) => error instanceof Interrupted);
  if (interrupted !== undefined) return exitStatusOf(interrupted);
  const [status = exitStatus.done, ...others] = new Set(errors.map(exitStatusOf));
  return others.length === 0 ? status : exitStatus.failed;
}

export interface ErrorText {
  readonly message: string;
  /** The lines below the message: what it lists, what to do, and with `verbose` causes and stack. */
  readonly below: readonly string[];
}

/** `hintIfReadOnly` replaces the hint for a read-only file system, which has another cause in a sandbox than elsewhere. */
export function describeError(error: unknown, verbose: boolean, hintIfReadOnly?: string): ErrorText {
  const message = messageOf(error);
  const below = [...shortList(itemsOf(error))];
  const usual = error instanceof MirrorctlError ? error.hint : systemHint(error);
  const hint = usual === readOnlyHint ? (hintIfReadOnly ?? usual) : usual;
  if (hint !== undefined) below.push(...hint.split("\n"));
  if (verbose) below.push(...causesOf(error));
  return { message, below };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns "trust/RELEASE_EXPIRED", or the code of the operating system; undefined for an error without a code. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof MirrorctlError) return `${error.area}/${error.code}`;
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Returns everything that the message lists, one line each. */
export const itemsOf = (error: unknown): readonly string[] =>
  error instanceof MirrorctlError ? error.items : [];

const recordedItemsMax = 1000;

/** Returns the message and what it lists, for the history. */
export function recordOf(error: unknown): string {
  return [messageOf(error), ...shortList(itemsOf(error), recordedItemsMax)].join("\n");
}

/** Returns what to do about an error of the operating system. */
function systemHint(error: unknown): string | undefined {
  if (hasCode(error, "ENOSPC", "EDQUOT")) {
    const whatIsLeft = haveInodesRunOut(error)
      ? "The disk has no inodes left, of which each file and each directory takes one."
      : "The disk is full.";
    return `${whatIsLeft} "mirrorctl snapshot prune" and "mirrorctl snapshot delete" free space even now.`;
  }
  if (hasCode(error, "EACCES", "EPERM"))
    return firstHint(pathsOf(error)) ?? "Run mirrorctl as the user that owns `dir` and `snapshot.path`.";
  if (hasCode(error, "EROFS")) return readOnlyHint;
  if (hasCode(error, "EIO", "EUCLEAN"))
    return "The disk, or its file system, may be failing: see the kernel's messages (dmesg).";
  return undefined;
}

/** Returns the paths that a call was refused for, the likelier first. The `path` of symlink(2) is only the content of the link. */
function pathsOf(error: Error): readonly string[] {
  const [path, dest] = [textIn(error, "path"), textIn(error, "dest")];
  return [textIn(error, "syscall") === "symlink" ? undefined : path, dest].filter(
    (name) => name !== undefined,
  );
}

function textIn(error: Error, name: "path" | "dest" | "syscall"): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : undefined;
}

function firstHint(paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const hint = ownershipHint(path);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

function causesOf(error: unknown): string[] {
  const lines: string[] = [];
  if (error instanceof MirrorctlError) {
    lines.push(`code: ${codeOf(error)}`);
    for (const [name, value] of Object.entries(error.facts)) {
      if (value !== undefined)
        lines.push(`${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`);
    }
  }
  if (error instanceof Error) {
    lines.push(
      ...(error.stack ?? "")
        .split("\n")
        .slice(1)
        .map((line) => line.trim()),
    );
    if (error.cause !== undefined)
      lines.push(`caused by: ${messageOf(error.cause)}`, ...causesOf(error.cause));
  }
  return lines;
}
