import { join } from "node:path";
import { readBytesIfAny } from "../../platform/look.ts";
import { parseMeta, type SnapshotMeta } from "./meta.ts";

/** Returns where the record of a snapshot is, in the directory `snapshotMeta` of its mirror. */
export const metaPath = (snapshotMeta: string, name: string): string => join(snapshotMeta, `${name}.json`);

/** Returns undefined if there is no record that this version can read. */
export function readMeta(snapshotMeta: string, name: string): SnapshotMeta | undefined {
  const text = readBytesIfAny(metaPath(snapshotMeta, name))?.toString("utf8");
  return text === undefined ? undefined : parseMeta(text);
}
