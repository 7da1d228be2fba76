import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { makeDirectory, restrictToOwner, statLinkIfAny } from "../platform/files.ts";
import type { HistoryAction, HistoryEntry, HistoryResult } from "./entry.ts";

export interface HistoryQuery {
  readonly mirror?: string | undefined;
  /** At most this many, the newest. */
  readonly limit?: number;
}

export interface HistoryReader {
  /** Newest first. */
  list(query: HistoryQuery): readonly HistoryEntry[];
}

export interface History extends HistoryReader {
  record(entry: HistoryEntry): void;
}

/** The record in one SQLite file, made at the first line and opened only while it is read or written. */
export function openHistory(path: string): History {
  return {
    record(entry) {
      makeDirectory(dirname(path), 0o700);
      using database = new DatabaseSync(path, { timeout: waitForWriterMs });
      restrictToOwner(path);
      database.exec(schema);
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
    },
    list({ mirror, limit = -1 }) {
      if (statLinkIfAny(path) === undefined) return [];
      using database = openForReading(path);
      // A writer that has just made the file, or died in that instant, has not made the table yet.
      if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'events'").get() === undefined)
        return [];
      return database
        .prepare("SELECT * FROM events WHERE ?1 IS NULL OR mirror = ?1 ORDER BY id DESC LIMIT ?2")
        .all(mirror ?? null, limit)
        .map(toEntry);
    },
  };
}

const waitForWriterMs = 5_000;

const schema = `
  PRAGMA journal_mode = WAL;
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
 * A reader of a write-ahead log wants to make its shared-memory file, which a reader without write permission cannot.
 * Where no writer is at work there is nothing in the log, and the file can be read as one that does not change.
 */
function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: waitForWriterMs });
  try {
    database.prepare("SELECT 1 FROM sqlite_schema").get();
    return database;
  } catch (error) {
    database.close();
    if (!isCannotOpen(error)) throw error;
    const immutable = pathToFileURL(path);
    immutable.searchParams.set("immutable", "1");
    return new DatabaseSync(immutable, { readOnly: true });
  }
}

const SQLITE_CANTOPEN = 14;
const SQLITE_READONLY = 8;

function isCannotOpen(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return false;
  const primaryCode = error.errcode & 0xff;
  return primaryCode === SQLITE_CANTOPEN || primaryCode === SQLITE_READONLY;
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
