import { join } from "node:path";
import type { MirrorLayout } from "../../layout.ts";
import { makeDirectory } from "../../platform/files.ts";
import { writeDurably } from "../../platform/flushing/durable-file.ts";
import { listDirectory, readBytesIfAny } from "../../platform/look.ts";

/*
 * The results of gates, one JSON file beside each snapshot (`.tests/<name>.json`), removed with it. What is in them is for
 * the operation that tests to say.
 */

/** Returns the texts of all records of a mirror. */
export const readTestRecords = ({ snapshotTests }: MirrorLayout): readonly string[] =>
  listDirectory(snapshotTests)
    .filter(({ name }) => /^[^.].*\.json$/.test(name))
    .flatMap(({ name }) => readBytesIfAny(join(snapshotTests, name))?.toString("utf8") ?? []);

/** For a caller that holds the lock of snapshots. */
export function writeTestRecord({ snapshotTests }: MirrorLayout, name: string, text: string): void {
  makeDirectory(snapshotTests);
  writeDurably(testRecordPath(snapshotTests, name), text, 0o644);
}

/** Returns where the record of a snapshot is, in the directory `snapshotTests` of its mirror. */
export const testRecordPath = (snapshotTests: string, name: string): string =>
  join(snapshotTests, `${name}.json`);
