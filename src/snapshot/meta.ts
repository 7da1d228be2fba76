import * as v from "valibot";
import { treeFactsIfAny } from "../contents/index.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";

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
  /** Of its tree; unknown where that came of an earlier version, or the record was made again from the tree. */
  facts: treeFactsIfAny,
});

/** What is known of a snapshot, kept as JSON beside it (`.meta/<name>.json`), version 1. */
export type SnapshotMeta = v.InferOutput<typeof metaSchema>;

export const formatMeta = (meta: SnapshotMeta): string => `${JSON.stringify(meta, undefined, 2)}\n`;

/** Undefined where the text is not what this version writes: it is then made again from the tree. */
export function parseMeta(text: string): SnapshotMeta | undefined {
  const parsed = v.safeParse(metaSchema, parseJsonIfAny(text));
  return parsed.success ? parsed.output : undefined;
}
