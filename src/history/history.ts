import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { MirrorctlError } from "../errors.ts";
import {
  makeDirectory,
  noteIfInodesRanOut,
  readOnlyHint,
  restrictToOwner,
  statLinkIfAny,
  whyNotWritable,
} from "../platform/files.ts";
import {
  primaryCodeOf,
  SQLITE_CANTOPEN,
  SQLITE_CORRUPT,
  SQLITE_FULL,
  SQLITE_NOTADB,
  SQLITE_READONLY,
} from "../platform/locks/sqlite-errors.ts";
import { ownershipHint } from "../platform/ownership.ts";
import type { HistoryAction, HistoryEntry, HistoryResult } from "./entry.ts";

/** The record cannot be read or written. */
class HistoryError extends MirrorctlError<"HISTORY_DAMAGED" | "HISTORY_CLOSED"> {
  override readonly area = "store";
}

export interface HistoryQuery {
  readonly mirror?: string | undefined;
  readonly result?: HistoryResult;
  /** Unset: all. */
  readonly actions?: readonly HistoryAction[] | undefined;
  /** Not before. */
  readonly since?: Date | undefined;
  /** At most this many, the newest. */
  readonly limit?: number;
}

export interface HistoryReader {
  /** Newest first. */
  list(query: HistoryQuery): readonly HistoryEntry[];
}

export interface History extends HistoryReader {
  /** Adds a line, or ends the one of the same mirror, action and time that was recorded as begun. */
  record(entry: HistoryEntry): void;
}

/** The record in one SQLite file, made at the first line and opened only while it is read or written. */
export function openHistory(path: string): History {
  return {
    record: (entry) => explain(path, () => record(path, entry)),
    list: (query) => explain(path, () => list(path, query)),
  };
}

function record(path: string, entry: HistoryEntry): void {
  makeDirectory(dirname(path), 0o700);
  using database = open(path);
  restrictToOwner(path);
  database.exec(durability);
  database.exec(schema);
  if (end(database, entry)) return;
  database
    .prepare(
      `INSERT INTO events (at, mirror, action, who, result, from_name, to_name, reason, detail)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      entry.at.toISOString(),
      entry.mirror,
      entry.action,
      entry.who,
      entry.result,
      entry.from ?? null,
      entry.to ?? null,
      entry.reason ?? null,
      entry.detail ?? null,
    );
}

/** False where no such line was begun. */
function end(database: DatabaseSync, { at, mirror, action, result, detail }: HistoryEntry): boolean {
  const { changes } = database
    .prepare(
      `UPDATE events SET result = ?, detail = ?
           WHERE mirror = ? AND at = ? AND action = ? AND result = 'begun'`,
    )
    .run(result, detail ?? null, mirror, at.toISOString(), action);
  return changes > 0;
}

function list(
  path: string,
  { mirror, result, actions, since, limit = -1 }: HistoryQuery,
): readonly HistoryEntry[] {
  if (statLinkIfAny(path) === undefined) return [];
  using database = open(path);
  // A writer that has just made the file, or died in that instant, has not made the table yet.
  if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'events'").get() === undefined) return [];
  return database
    .prepare(
      `SELECT * FROM events WHERE (?1 IS NULL OR mirror = ?1) AND (?2 IS NULL OR result = ?2)
           AND (?3 IS NULL OR action IN (SELECT value FROM json_each(?3))) AND (?4 IS NULL OR at >= ?4)
           ORDER BY id DESC LIMIT ?5`,
    )
    .all(
      mirror ?? null,
      result ?? null,
      actions === undefined ? null : JSON.stringify(actions),
      since?.toISOString() ?? null,
      limit,
    )
    .map(toEntry);
}

const waitForWriterMs = 5_000;

/** EXTRA syncs the directory once the journal is gone: one that a power cut brings back would undo the line. */
const durability = "PRAGMA synchronous = EXTRA";

const schema = `
  PRAGMA journal_mode = DELETE;
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    mirror TEXT NOT NULL,
    action TEXT NOT NULL,
    who TEXT NOT NULL,
    result TEXT NOT NULL,
    from_name TEXT,
    to_name TEXT,
    reason TEXT,
    detail TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS events_by_mirror ON events (mirror, id);
`;

/**
 * With a rollback journal rather than a write-ahead log: that needs shared memory beside the file, which a reader without
 * write permission cannot make, and which on a full disk ends the process (SIGBUS). A writer keeps readers waiting for
 * the milliseconds of its commit. Opened for writing where that is permitted, only so that what a killed writer left
 * half-done is undone.
 */
function open(path: string): DatabaseSync {
  return new DatabaseSync(path, { timeout: waitForWriterMs });
}

/** Says which file it is that SQLite cannot read. */
function explain<Value>(path: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    const code = primaryCodeOf(error);
    if (code === SQLITE_CANTOPEN || code === SQLITE_READONLY) throw closed(path, error);
    if (code === SQLITE_FULL && error instanceof Error) noteIfInodesRanOut(error, path);
    if (code !== SQLITE_NOTADB && code !== SQLITE_CORRUPT) throw error;
    throw new HistoryError("HISTORY_DAMAGED", `the history ${path} is damaged`, {
      facts: { path },
      hint: "Restore it from a backup, or move it away, and a new one is begun: nothing that is served depends on it. What was rolled back is then forgotten, and a rollback needs --to NAME.",
      cause: error,
    });
  }
}

function closed(path: string, cause: unknown): HistoryError {
  const isReadOnly = whyNotWritable(dirname(path)) === "read-only";
  const hint = isReadOnly ? readOnlyHint : ownershipHint(path);
  const error = new HistoryError("HISTORY_CLOSED", `unable to open the history ${path}`, {
    facts: { path },
    ...(hint === undefined ? {} : { hint }),
    cause,
  });
  noteIfInodesRanOut(error, path); // a change needs a journal beside the file
  return error;
}

function toEntry(row: Record<string, SQLOutputValue>): HistoryEntry {
  const text = (column: string): string | undefined => {
    const value = row[column];
    return typeof value === "string" ? value : undefined;
  };
  return {
    at: new Date(text("at") ?? 0),
    mirror: text("mirror") ?? "",
    action: text("action") as HistoryAction,
    who: text("who") ?? "",
    result: text("result") as HistoryResult,
    from: text("from_name"),
    to: text("to_name"),
    reason: text("reason"),
    detail: text("detail"),
  };
}
