import { posix } from "node:path";
import * as v from "valibot";
import { carriedRecordOf } from "../layout.ts";
import { writeDurably } from "../platform/durable-file.ts";
import { makeDirectory, readBytesIfAny, removeFile } from "../platform/files.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";

/**
 * What a tree shows beside its own files, for clients that hold metadata of what was shown before: the path in the tree,
 * and until when. It is no part of the snapshot or generation that the tree is.
 */
export type CarriedFiles = ReadonlyMap<string, Date>;

/**
 * A path that stays below the tree. The record is mirrorctl's own; it is checked all the same, since what it names is
 * removed when its time is over.
 */
const innerPath = v.pipe(
  v.string(),
  v.check((path) => path !== "" && !path.startsWith("/") && !path.split("/").includes("..")),
);

const recordSchema = v.object({
  format: v.literal(1),
  carried: v.array(v.object({ until: v.pipe(v.string(), v.isoTimestamp()), paths: v.array(innerPath) })),
});

/** Nothing where there is no record, or none that this version can read: what it named is then taken for the tree's own. */
export function readCarried(tree: string): CarriedFiles {
  const text = readBytesIfAny(carriedRecordOf(tree))?.toString("utf8");
  const parsed = v.safeParse(recordSchema, parseJsonIfAny(text));
  if (!parsed.success) return new Map();
  return new Map(
    parsed.output.carried.flatMap(({ until, paths }) => paths.map((path) => [path, new Date(until)])),
  );
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
