import * as v from "valibot";
import { treeFactsIfAny } from "../../contents/index.ts";
import { parseJsonIfAny } from "../../platform/parse-json.ts";

const isoTime = v.pipe(v.string(), v.isoTimestamp());

const indexDigests = v.object({ packages: v.optional(v.string()), others: v.optional(v.string()) });

const metaSchema = v.object({
  format: v.literal(1),
  name: v.string(),
  createdAt: isoTime,
  /** The generation that this is a snapshot of. */
  generation: v.optional(v.string()),
  files: v.number(),
  packages: v.number(),
  sizeBytes: v.number(),
  /** Set if a repair has replaced files since: other trees may have other ones. */
  repaired: v.exactOptional(v.boolean()),
  releases: v.array(
    v.object({
      suite: v.string(),
      date: v.optional(isoTime),
      validUntil: v.optional(isoTime),
      signedBy: v.optional(v.array(v.string())),
    }),
  ),
  /** Unknown if an earlier version made the tree, or if the record was made again from the tree. */
  facts: treeFactsIfAny,
  /** What the Release of each suite lists for its indices. Without it, trees are compared by their Releases. */
  indexDigests: v.fallback(v.optional(v.record(v.string(), indexDigests)), undefined),
});

/** The record of a snapshot: JSON beside it (`.meta/<name>.json`), version 1. */
export type SnapshotMeta = v.InferOutput<typeof metaSchema>;

export const formatMeta = (meta: SnapshotMeta): string => `${JSON.stringify(meta, undefined, 2)}\n`;

/** Returns undefined if this version cannot read the text. The record is then made again from the tree. */
export function parseMeta(text: string): SnapshotMeta | undefined {
  const parsed = v.safeParse(metaSchema, parseJsonIfAny(text));
  return parsed.success ? parsed.output : undefined;
}
