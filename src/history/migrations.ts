/** The tables of the history, and what brings the file of an earlier version to this one. */
import type { DatabaseSync } from "node:sqlite";

/** Statement lists: the first makes version 1 of version 0, which is a new file or one from before versions. */
const migrations: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS events (
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
   ALTER TABLE events ADD COLUMN details TEXT;`,
];

/** What this program writes. It reads any version, as far as it knows the columns. */
export const historyVersion = migrations.length;

export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
}

/** Brings the file to `historyVersion`. Must run inside the transaction of a writer: a kill then leaves the old version. */
export function migrate(database: DatabaseSync): void {
  const version = versionOf(database);
  if (version >= historyVersion) return;
  for (const statements of migrations.slice(version)) database.exec(statements);
  database.exec(`PRAGMA user_version = ${historyVersion}`);
}
