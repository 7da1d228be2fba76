/**
 * What every error of mirrorctl carries. Each area's folder derives its own class with a closed union of codes;
 * `report/` alone turns errors into text and exit codes.
 */
export type ErrorArea =
  | "config"
  | "upstream"
  | "repository"
  | "trust"
  | "store"
  | "snapshot"
  | "publish"
  | "gate"
  | "lock";

/** Values that describe what was found and what was expected. Never credentials. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface ErrorDetails {
  readonly facts?: ErrorFacts;
  /** What the message announces, one line each, however many: reports show some of them and a count. */
  readonly items?: readonly string[];
  /** What the reader can do next, as one or more sentences. */
  readonly hint?: string;
  readonly cause?: unknown;
}

export abstract class MirrorctlError<Code extends string = string> extends Error {
  abstract readonly area: ErrorArea;
  readonly code: Code;
  readonly facts: ErrorFacts;
  readonly items: readonly string[];
  readonly hint: string | undefined;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.facts = details.facts ?? {};
    this.items = details.items ?? [];
    this.hint = details.hint;
  }
}

/** Why a file that somebody named cannot be read, in words; undefined for an error that says something else. */
export function whyUnreadable(error: unknown): string | undefined {
  if (hasCode(error, "ENOENT")) return "there is no such file";
  if (hasCode(error, "EACCES", "EPERM")) return "this user may not read it";
  if (hasCode(error, "EISDIR")) return "it is a directory";
  return hasCode(error, "ENOTDIR") ? "a part of its path is not a directory" : undefined;
}

/** Adds to an error of Node's about a full disk that it was the inodes that had run out. */
export function noteInodesRanOut(error: Error): void {
  error.message += " (no inodes are free)";
  Object.assign(error, { ranOut: "inodes" });
}

export const haveInodesRunOut = (error: unknown): boolean =>
  error instanceof Error && "ranOut" in error && error.ranOut === "inodes";

/** True for an error of Node's that carries one of these codes, such as "ENOENT". */
export function hasCode(error: unknown, ...codes: readonly string[]): error is Error {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return typeof error.code === "string" && codes.includes(error.code);
}
