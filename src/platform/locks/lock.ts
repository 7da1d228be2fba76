import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { hasCode, MirrorctlError } from "../../errors.ts";
import { makeDirectory, readOnlyHint, removeFile, writeSmallFile } from "../files.ts";
import { readBytesIfAny, statLinkIfAny, whyNotWritable } from "../look.ts";
import { ownershipHint } from "../ownership.ts";
import {
  primaryCodeOf,
  SQLITE_BUSY,
  SQLITE_CANTOPEN,
  SQLITE_CORRUPT,
  SQLITE_NOTADB,
  SQLITE_READONLY,
} from "./sqlite-errors.ts";

/** Another process, or another run in this one, holds the lock; the exit status is 4. */
export class LockError extends MirrorctlError<"LOCK_HELD"> {
  override readonly area = "lock";
}

type LockFileCode = "NOT_WRITABLE" | "CANNOT_OPEN";

/** The lock file cannot be opened for writing. */
class LockFileError extends MirrorctlError<LockFileCode> {
  override readonly area = "store";
}

export interface Lock extends Disposable {
  release(): void;
}

export interface LockRequest {
  /** Who takes it, for the message that the next one gets. */
  readonly holder: string;
  /** What is locked, in words. */
  readonly what: string;
}

/** How long a lock is waited for. */
export interface Patience {
  readonly waitMs: number;
  /** Waits; rejects with the signal's reason once it is aborted. */
  readonly pause: (waitMs: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Between two attempts at a lock that is held. */
const pauseMs = 100;

/**
 * Takes a lock, or throws LockError at once. SQLite's exclusive transaction is an fcntl(2) lock on the file, held by the
 * kernel: it ends with the process, however that ends, and the file's existence means nothing.
 */
export function acquireLock(path: string, request: LockRequest): Lock {
  const database = openLockFile(path, request.what);
  try {
    begin(database, path, request);
  } catch (error) {
    database.close();
    throw error;
  }
  return lockOf(database);
}

/**
 * Takes a lock; waits for its holder, while others in this process go on. Rejects with LockError in the end, and with the
 * reason of the signal once it is aborted, even if the lock is free.
 */
export async function awaitLock(
  path: string,
  request: LockRequest,
  { waitMs, pause, signal }: Patience,
): Promise<Lock> {
  signal.throwIfAborted();
  const database = openLockFile(path, request.what);
  try {
    for (let waitedMs = 0; !tryToBegin(database, path, request, waitedMs >= waitMs); waitedMs += pauseMs) {
      await pause(pauseMs, signal);
    }
  } catch (error) {
    database.close();
    throw error;
  }
  return lockOf(database);
}

/** Returns false if the lock is held, unless this is the last attempt. */
function tryToBegin(database: DatabaseSync, path: string, request: LockRequest, isLast: boolean): boolean {
  try {
    begin(database, path, request);
    return true;
  } catch (error) {
    if (error instanceof LockError && !isLast) return false;
    throw error;
  }
}

function begin(database: DatabaseSync, path: string, { holder, what }: LockRequest): void {
  try {
    // The journal of a transaction in an empty file would be written at once, which fails on a full disk.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    if (primaryCodeOf(error) === SQLITE_READONLY) throw cannotOpen(path, what, error);
    if (primaryCodeOf(error) !== SQLITE_BUSY) throw notLockable(path, what, error);
    const other = readBytesIfAny(holderOf(path))?.toString("utf8").trim() || "another process";
    throw new LockError("LOCK_HELD", `${what} is locked by ${other}`, {
      facts: { lock: path, holder: other },
      hint: "Wait until it has ended, or end it: the lock goes with the process.",
    });
  }
  noteHolder(path, holder);
}

function lockOf(database: DatabaseSync): Lock {
  const release = (): void => {
    if (database.isOpen) database.close();
  };
  return { release, [Symbol.dispose]: release };
}

/** Writes who holds the lock, for the message that others get. On a full disk the lock works without it. */
function noteHolder(path: string, holder: string): void {
  try {
    writeSmallFile(holderOf(path), `${holder}\n`, 0o600);
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
  }
}

/** Removes the note of who holds a lock; the lock itself stays. On a disk without free inodes, this frees one. */
export const forgetHolder = (path: string): void => removeFile(holderOf(path));

const holderOf = (path: string): string => `${path}.holder`;

function openLockFile(path: string, what: string): DatabaseSync {
  makeDirectory(dirname(path), 0o700);
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw primaryCodeOf(error) === SQLITE_CANTOPEN ? cannotOpen(path, what, error) : error;
  }
}

/**
 * SQLite does not say why. The file is not opened here to find out: closing it would end every lock on it that this
 * process holds, see fcntl_locking(2).
 */
function cannotOpen(path: string, what: string, cause: unknown): LockFileError {
  const obstacle = whyNotWritable(statLinkIfAny(path) === undefined ? dirname(path) : path);
  if (obstacle === "read-only")
    return lockFileError("NOT_WRITABLE", `${path} is on a read-only file system`, readOnlyHint);
  if (obstacle === "denied") {
    const hint = ownershipHint(path) ?? "Run mirrorctl as the user that owns `dir`.";
    return lockFileError("NOT_WRITABLE", `this user may not write ${path}`, hint);
  }
  return lockFileError("CANNOT_OPEN", `${path} cannot be opened`, failingDiskHint);

  function lockFileError(code: LockFileCode, reason: string, hint: string): LockFileError {
    const message = `${what} cannot be locked: ${reason}`;
    return new LockFileError(code, message, { facts: { lock: path }, hint, cause });
  }
}

const failingDiskHint = "Look at that path and at the kernel's messages (dmesg): the disk may be failing.";

/**
 * SQLite refuses a file with anything in it that is not a database, and fails where fcntl(2) has no locks. The file is not replaced
 * here: another process may hold a lock on it, which a new file would not have.
 */
function notLockable(path: string, what: string, cause: unknown): unknown {
  const code = primaryCodeOf(cause);
  if (code === undefined || !(cause instanceof Error)) return cause;
  const isOverwritten = code === SQLITE_NOTADB || code === SQLITE_CORRUPT;
  const reason = isOverwritten
    ? `${path} is a lock file, which is always empty, and something has written to it`
    : `${path}: ${cause.message}`;
  const hint = isOverwritten
    ? `Once no mirrorctl runs, remove it: rm ${path}`
    : `${failingDiskHint} A network file system must have locks.`;
  return new LockFileError("CANNOT_OPEN", `${what} cannot be locked: ${reason}`, {
    facts: { lock: path },
    hint,
    cause,
  });
}
