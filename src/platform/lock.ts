import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { hasCode, MirrorctlError } from "../errors.ts";
import { makeDirectory, readBytesIfAny, writeSmallFile } from "./files.ts";

/** Another process holds what this one needs; it exits with status 4. */
export class LockError extends MirrorctlError<"LOCK_HELD"> {
  override readonly area = "lock";
}

export interface Lock extends Disposable {
  release(): void;
}

/**
 * Takes a lock that the kernel holds for this process, or fails at once. SQLite's exclusive transaction is an fcntl(2)
 * lock on the file: it is gone with the process, however that ends, and the file's existence means nothing.
 * `holder` says who has it, for the message that the next one gets.
 */
export function acquireLock(path: string, holder: string, what: string): Lock {
  makeDirectory(dirname(path), 0o700);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    const other = readBytesIfAny(`${path}.holder`)?.toString("utf8").trim() ?? "another process";
    throw new LockError("LOCK_HELD", `${what} is locked by ${other}`, {
      facts: { lock: path, holder: other },
      hint: "Wait until it has ended, or end it: the lock goes with the process.",
    });
  }
  sayWhoHolds(path, holder);
  const release = (): void => {
    if (database.isOpen) database.close();
  };
  return { release, [Symbol.dispose]: release };
}

/** Only for the message that others get: on a full disk the lock is as good without it. */
function sayWhoHolds(path: string, holder: string): void {
  try {
    writeSmallFile(`${path}.holder`, `${holder}\n`, 0o600);
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
