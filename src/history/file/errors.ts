import { dirname } from "node:path";
import { MirrorctlError } from "../../errors.ts";
import { noteIfInodesRanOut, readOnlyHint } from "../../platform/files.ts";
import {
  primaryCodeOf,
  SQLITE_CANTOPEN,
  SQLITE_CORRUPT,
  SQLITE_FULL,
  SQLITE_NOTADB,
  SQLITE_READONLY,
} from "../../platform/locks/sqlite-errors.ts";
import { whyNotWritable } from "../../platform/look.ts";
import { ownershipHint } from "../../platform/ownership.ts";

/** The history cannot be read or written. */
class HistoryError extends MirrorctlError<"HISTORY_DAMAGED" | "HISTORY_CLOSED" | "HISTORY_NEWER"> {
  override readonly area = "store";
}

/** Runs `work`, and turns what SQLite throws into an error that names the file. */
export function explain<Value>(path: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    const code = primaryCodeOf(error);
    if (code === SQLITE_CANTOPEN || code === SQLITE_READONLY) throw closed(path, error);
    if (code === SQLITE_FULL && error instanceof Error) noteIfInodesRanOut(error, path);
    if (code !== SQLITE_NOTADB && code !== SQLITE_CORRUPT) throw error;
    throw new HistoryError("HISTORY_DAMAGED", `the history ${path} is damaged`, {
      facts: { path },
      hint: "Restore it from a backup, or move it away, and the next command begins a new one: nothing that is served depends on it. What was rolled back is then forgotten, and a rollback needs --to NAME.",
      cause: error,
    });
  }
}

function closed(path: string, cause: unknown): HistoryError {
  const isReadOnly = whyNotWritable(dirname(path)) === "read-only";
  const hint = isReadOnly ? readOnlyHint : (ownershipHint(path) ?? closedHint);
  const error = new HistoryError("HISTORY_CLOSED", `unable to open the history ${path}`, {
    facts: { path },
    hint,
    cause,
  });
  noteIfInodesRanOut(error, path); // a change needs a journal beside the file
  return error;
}

const closedHint = "It has to be a file, in a directory that this user may write.";

/** A newer mirrorctl wrote the file: this one must not write it, and perhaps cannot read it. */
export function newerVersion(
  found: { readonly path: string; readonly version: number; readonly known: number },
  cause?: unknown,
): HistoryError {
  const { path, version, known } = found;
  return new HistoryError(
    "HISTORY_NEWER",
    `the history ${path} has version ${version}, and this mirrorctl knows versions up to ${known}`,
    { facts: { path, version, known }, hint: newerHint, cause },
  );
}

const newerHint =
  "Run the newer mirrorctl that wrote it. This one does not write it, so that nothing in it is lost.";
