/**
 * The base of every error of mirrorctl. Each area's folder derives its own class with a closed union of codes; only
 * `report/` turns errors into text and exit codes.
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
  | "export"
  | "lock";

/** What was found and what was expected. Never credentials. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface ErrorDetails {
  readonly facts?: ErrorFacts;
  /** The items that the message announces, one line each. Reports show some of them and a count. */
  readonly items?: readonly string[];
  /** What the reader can do next, in one or more sentences. */
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

/** Returns why a named file cannot be read, in words, or undefined for other errors. */
export function whyUnreadable(error: unknown): string | undefined {
  if (hasCode(error, "ENOENT")) return "there is no such file";
  if (hasCode(error, "EACCES", "EPERM")) return "this user may not read it";
  if (hasCode(error, "EISDIR")) return "it is a directory";
  if (hasCode(error, "ELOOP")) return "it is a symbolic link that leads to itself";
  if (hasCode(error, "EFBIG")) return "it is far too large";
  if (hasCode(error, "ENXIO")) return "it is a pipe or a socket";
  return hasCode(error, "ENOTDIR") ? "a part of its path is not a directory" : undefined;
}

/** Adds to an error of Node about a full disk that no inodes are left. */
export function noteInodesRanOut(error: Error): void {
  error.message += " (no inodes are free)";
  Object.assign(error, { ranOut: "inodes" });
}

export const haveInodesRunOut = (error: unknown): boolean =>
  error instanceof Error && "ranOut" in error && error.ranOut === "inodes";

/** Returns true for an error of Node with one of these codes, such as "ENOENT". */
export function hasCode(error: unknown, ...codes: readonly string[]): error is Error {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return typeof error.code === "string" && codes.includes(error.code);
}
