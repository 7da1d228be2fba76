import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { makeDirectory, restrictToOwner } from "../../platform/files.ts";
import { primaryCodeOf, SQLITE_ERROR } from "../../platform/locks/sqlite-errors.ts";
import { statLinkIfAny } from "../../platform/look.ts";
import type { HistoryDetails } from "../details.ts";
import type { HistoryAction, HistoryEntry, HistoryResult } from "../entry.ts";
import { formatDetails, parseDetails } from "./details-json.ts";
import { explain, newerVersion } from "./errors.ts";
import { historyVersion, migrate, versionOf } from "./migrations.ts";
import { detailsOfText } from "./unversioned-details.ts";
import { type Patience, whenFree } from "./when-free.ts";

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

/** A file that a newer mirrorctl wrote. It is read as far as this one understands it, and never written. */
export interface NewerHistory {
  readonly path: string;
  readonly version: number;
  /** The version that this mirrorctl writes. */
  readonly known: number;
}

/** Waits for a writer for five seconds at most, and rejects with the signal's reason if it is aborted meanwhile. */
export interface HistoryReader {
  /** Newest first. */
  list(query: HistoryQuery): Promise<readonly HistoryEntry[]>;
  /** Undefined if this mirrorctl may write the file. */
  newer(): Promise<NewerHistory | undefined>;
}

export interface History extends HistoryReader {
  /**
   * Adds a line, or ends the line of the same mirror, action and time that was recorded as begun. The first line after an
   * update migrates the file to the present version, in the same transaction. Waits for other users of the file for five
   * seconds at most, also if the run is aborted: what the line says has happened, or happens next.
   */
  record(entry: HistoryEntry): Promise<void>;
}

/** The history in one SQLite file, made with the first line and opened only while it is read or written. */
export function openHistory(path: string, { pause, signal }: Patience): History {
  const read = <Value>(work: () => Value): Promise<Value> =>
    whenFree(() => explain(path, work), { pause, signal });
  const write = (work: () => void): Promise<void> =>
    whenFree(() => explain(path, work), { pause, signal: new AbortController().signal });
  return {
    record: (entry) => write(() => record(path, entry)),
    list: (query) => read(() => list(path, query)),
    newer: () => read(() => newer(path)),
  };
}

function record(path: string, entry: HistoryEntry): void {
  makeDirectory(dirname(path), 0o700);
  using database = open(path);
  refuseNewer(path, database); // before anything of the file is changed
  restrictToOwner(path);
  database.exec(durability);
  database.exec("BEGIN IMMEDIATE"); // closing without COMMIT undoes everything
  refuseNewer(path, database); // another process may have migrated the file meanwhile
  migrate(database);
  if (!end(database, entry)) add(database, entry);
  database.exec("COMMIT");
}

function refuseNewer(path: string, database: DatabaseSync): void {
  const version = versionOf(database);
  if (version > historyVersion) throw newerVersion({ path, version, known: historyVersion });
}

/** Returns false if no such line was begun. */
function end(database: DatabaseSync, entry: HistoryEntry): boolean {
  const { at, mirror, action, result, detail, details } = entry;
  const { changes } = database
    .prepare(
      `UPDATE events SET result = ?, detail = ?, details = ?
           WHERE mirror = ? AND at = ? AND action = ? AND result = 'begun'`,
    )
    .run(result, detail ?? null, jsonOf(details), mirror, at.toISOString(), action);
  return changes > 0;
}

function add(database: DatabaseSync, entry: HistoryEntry): void {
  database
    .prepare(
      `INSERT INTO events (at, mirror, action, who, result, from_name, to_name, reason, detail, details)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
      jsonOf(entry.details),
    );
}

const jsonOf = (details: HistoryDetails | undefined): string | null =>
  details === undefined ? null : formatDetails(details);

function list(path: string, query: HistoryQuery): readonly HistoryEntry[] {
  if (statLinkIfAny(path) === undefined) return [];
  using database = open(path);
  const version = versionOf(database);
  // A writer has just made the file, or died before it made the table.
  if (version === 0 && !hasTable(database)) return [];
  try {
    return rowsOf(database, query).map(toEntry);
  } catch (error) {
    if (version <= historyVersion || primaryCodeOf(error) !== SQLITE_ERROR) throw error;
    throw newerVersion({ path, version, known: historyVersion }, error); // it has other tables or columns
  }
}

function newer(path: string): NewerHistory | undefined {
  if (statLinkIfAny(path) === undefined) return undefined;
  using database = open(path);
  const version = versionOf(database);
  return version > historyVersion ? { path, version, known: historyVersion } : undefined;
}

const hasTable = (database: DatabaseSync): boolean =>
  database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'events'").get() !== undefined;

function rowsOf(
  database: DatabaseSync,
  { mirror, result, actions, since, limit = -1 }: HistoryQuery,
): readonly Record<string, SQLOutputValue>[] {
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
    );
}

/**
 * Uses a rollback journal. A write-ahead log needs shared memory beside the file: a reader without write permission cannot
 * make it, and on a full disk it ends the process (SIGBUS). EXTRA syncs the directory after the journal is removed: if a
 * power cut restored the journal, SQLite would undo the line.
 */
const durability = "PRAGMA synchronous = EXTRA; PRAGMA journal_mode = DELETE";

/** Opens the file for writing if permitted, even to read it: SQLite then undoes what a killed writer left. */
function open(path: string): DatabaseSync {
  return new DatabaseSync(path, { timeout: 0 }); // SQLite would wait without a turn for others: `whenFree` does it
}

function toEntry(row: Record<string, SQLOutputValue>): HistoryEntry {
  const text = (column: string): string | undefined => {
    const value = row[column];
    return typeof value === "string" ? value : undefined;
  };
  const action = text("action") ?? "";
  const [detail, details] = [text("detail"), text("details")];
  return {
    at: new Date(text("at") ?? 0),
    mirror: text("mirror") ?? "",
    action,
    who: text("who") ?? "",
    result: text("result") as HistoryResult,
    from: text("from_name"),
    to: text("to_name"),
    reason: text("reason"),
    detail,
    details: details === undefined ? detailsOfText(action, detail ?? "") : parseDetails(details),
  };
}
