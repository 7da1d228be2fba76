import { posix } from "node:path";
import * as v from "valibot";
import { carriedRecordOf } from "../../layout.ts";
import { makeDirectory, removeFile } from "../../platform/files.ts";
import { writeDurably } from "../../platform/flushing/durable-file.ts";
import { readBytesIfAny } from "../../platform/look.ts";
import { parseJsonIfAny } from "../../platform/parse-json.ts";

/**
 * The files that a tree has beside its own, for clients that know the tree shown before: the path in the tree, and until
 * when. They are not part of the snapshot or generation.
 */
export type CarriedFiles = ReadonlyMap<string, Date>;

/** A path below the tree. Files that the record names are removed when their time is over, so it is checked. */
export const innerPath = v.pipe(
  v.string(),
  v.check((path) => path !== "" && !leavesTree.test(path)),
);
const leavesTree = /^\/|(?:^|\/)\.\.(?:\/|$)/;

const recordSchema = v.object({
  format: v.literal(1),
  carried: v.array(v.object({ until: v.pipe(v.string(), v.isoTimestamp()), paths: v.array(innerPath) })),
});

/** Returns no files if there is no record that this version can read: the tree then counts them as its own. */
export function readCarried(tree: string): CarriedFiles {
  const text = readBytesIfAny(carriedRecordOf(tree))?.toString("utf8");
  const parsed = v.safeParse(recordSchema, parseJsonIfAny(text));
  if (!parsed.success) return new Map();
  const carried = new Map<string, Date>();
  for (const { until, paths } of parsed.output.carried) {
    const end = new Date(until);
    for (const path of paths) carried.set(path, end);
  }
  return carried;
}

export function writeCarried(tree: string, carried: CarriedFiles): void {
  const record = carriedRecordOf(tree);
  if (carried.size === 0) {
    removeFile(record);
    return;
  }
  makeDirectory(posix.dirname(record));
  const byTime = Map.groupBy(carried.keys(), (path) => carried.get(path)?.toISOString() ?? "");
  const groups = [...byTime].map(([until, paths]) => ({ until, paths }));
  writeDurably(record, `${JSON.stringify({ format: 1, carried: groups })}\n`, 0o644);
}
