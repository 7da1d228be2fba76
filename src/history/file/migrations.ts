/** The tables of the history, and the migrations from earlier versions. */
import type { DatabaseSync } from "node:sqlite";

/** The first migrates from version 0, which is a new file or one from before versions. Append only. */
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

/** The version that this program writes. It reads every version, as far as it knows the columns. */
export const historyVersion = migrations.length;

export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
}

/** Migrates the file to `historyVersion`. The caller must hold a write transaction, so that a kill leaves the old version. */
export function migrate(database: DatabaseSync): void {
  const version = versionOf(database);
  if (version >= historyVersion) return;
  for (const statements of migrations.slice(version)) database.exec(statements);
  database.exec(`PRAGMA user_version = ${historyVersion}`);
}
