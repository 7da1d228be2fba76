import * as v from "valibot";
import { SnapshotError } from "./errors.ts";

const isoTime = v.pipe(v.string(), v.isoTimestamp());

const metaSchema = v.object({
  format: v.literal(1),
  name: v.string(),
  createdAt: isoTime,
  /** The sync whose tree this is a copy of. */
  generation: v.optional(v.string()),
  files: v.number(),
  packages: v.number(),
  sizeBytes: v.number(),
  releases: v.array(
    v.object({
      suite: v.string(),
      date: v.optional(isoTime),
      validUntil: v.optional(isoTime),
      signedBy: v.optional(v.array(v.string())),
    }),
  ),
});

/** What is known of a snapshot, kept as JSON beside it (`.meta/<name>.json`), version 1. */
export type SnapshotMeta = v.InferOutput<typeof metaSchema>;

export const formatMeta = (meta: SnapshotMeta): string => `${JSON.stringify(meta, undefined, 2)}\n`;

export function parseMeta(text: string, path: string): SnapshotMeta {
  try {
    return v.parse(metaSchema, JSON.parse(text));
  } catch (error) {
    throw new SnapshotError("SNAPSHOT_META_DAMAGED", `cannot read what is known of a snapshot from ${path}`, {
      hint: "Remove that file: it is made again from the snapshot itself.",
      cause: error,
    });
  }
}
