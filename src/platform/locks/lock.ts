import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { hasCode, MirrorctlError } from "../../errors.ts";
import {
  makeDirectory,
  readBytesIfAny,
  readOnlyHint,
  removeFile,
  whyNotWritable,
  writeSmallFile,
} from "../files.ts";
import { ownershipHint } from "../ownership.ts";
import { primaryCodeOf, SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_READONLY } from "./sqlite-errors.ts";

/** Another process holds what this one needs; it exits with status 4. */
export class LockError extends MirrorctlError<"LOCK_HELD"> {
  override readonly area = "lock";
}

/** No lock can be had at all. */
class LockFileError extends MirrorctlError<"NOT_WRITABLE"> {
  override readonly area = "store";
}

export interface Lock extends Disposable {
  release(): void;
}

export interface LockRequest {
  /** Says who has it, for the message that the next one gets. */
  readonly holder: string;
  /** What is locked, in words. */
  readonly what: string;
  /** How long to wait for one who has it; the process does nothing else meanwhile. */
  readonly waitMs?: number;
}

/**
 * Takes a lock that the kernel holds for this process, or fails. SQLite's exclusive transaction is an fcntl(2)
 * lock on the file: it is gone with the process, however that ends, and the file's existence means nothing.
 */
export function acquireLock(path: string, { holder, what, waitMs = 0 }: LockRequest): Lock {
  makeDirectory(dirname(path), 0o700);
  const database = openLockFile(path, what, waitMs);
  try {
    // The journal of a transaction in an empty file would be written at once, and on a full disk it cannot be.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    sayWhoHolds(path, holder);
  } catch (error) {
    database.close();
    if (primaryCodeOf(error) === SQLITE_READONLY) throw notWritable(path, what, error);
    if (primaryCodeOf(error) !== SQLITE_BUSY) throw error;
    const other = readBytesIfAny(holderOf(path))?.toString("utf8").trim() || "another process";
    throw new LockError("LOCK_HELD", `${what} is locked by ${other}`, {
      facts: { lock: path, holder: other },
      hint: "Wait until it has ended, or end it: the lock goes with the process.",
    });
  }
  const release = (): void => {
    if (database.isOpen) database.close();
  };
  return { release, [Symbol.dispose]: release };
}

/** Only for the message that others get: on a full disk the lock is as good without it. */
function sayWhoHolds(path: string, holder: string): void {
  try {
    writeSmallFile(holderOf(path), `${holder}\n`, 0o600);
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
  }
}

/** Removes the note of who holds a lock, which stays held: where the disk has no inode left, this frees one. */
export const forgetHolder = (path: string): void => removeFile(holderOf(path));

const holderOf = (path: string): string => `${path}.holder`;

function openLockFile(path: string, what: string, waitMs: number): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: waitMs });
  } catch (error) {
    throw primaryCodeOf(error) === SQLITE_CANTOPEN ? notWritable(path, what, error) : error;
  }
}

function notWritable(path: string, what: string, cause: unknown): LockFileError {
  const isReadOnly = whyNotWritable(dirname(path)) === "read-only";
  const reason = isReadOnly ? `${path} is on a read-only file system` : `this user may not write ${path}`;
  return new LockFileError("NOT_WRITABLE", `${what} cannot be locked: ${reason}`, {
    facts: { lock: path },
    hint: isReadOnly ? readOnlyHint : (ownershipHint(path) ?? "Run mirrorctl as the user that owns `dir`."),
    cause,
  });
}
