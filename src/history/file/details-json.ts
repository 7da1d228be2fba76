/** Details as they are stored: one JSON object. */
import * as v from "valibot";
import { parseJsonIfAny } from "../../platform/parse-json.ts";
import type { HistoryDetails } from "../details.ts";

/** A tree that lost everything has a hundred thousand damaged files. */
const itemsMax = 1_000;

/** A kernel alone may name a thousand, and each counts. */
const cvesMax = 10_000;

/** Writes details with at most 1,000 items in each list, except for CVEs. */
export const formatDetails = (details: HistoryDetails): string =>
  JSON.stringify(details, (key, value: unknown) =>
    Array.isArray(value) ? value.slice(0, key === "cves" ? cvesMax : itemsMax) : value,
  );

/** Reads details; undefined for text that this version does not know, which a newer one may have written. */
export function parseDetails(text: string): HistoryDetails | undefined {
  const parsed = v.safeParse(detailsSchema, parseJsonIfAny(text));
  return parsed.success ? parsed.output : undefined;
}

const paths = v.array(v.string());
const verdict = v.picklist(["passed", "failed", "not-yet", "not-applicable"]);

const detailsSchema: v.GenericSchema<unknown, HistoryDetails> = v.variant("kind", [
  v.object({
    kind: v.literal("created"),
    packages: v.optional(v.number()),
    sizeBytes: v.optional(v.number()),
    contents: v.optional(v.string()),
    directory: v.optional(v.string()),
  }),
  v.object({
    kind: v.literal("synced"),
    elapsedMs: v.number(),
    files: v.number(),
    sizeBytes: v.number(),
    directory: v.optional(v.string()),
  }),
  v.object({
    kind: v.literal("exported"),
    directory: v.string(),
    since: v.optional(v.string()),
    files: v.number(),
    sizeBytes: v.number(),
  }),
  v.object({ kind: v.literal("unlinked"), link: v.picklist(["staging", "production"]) }),
  v.object({
    kind: v.literal("checked"),
    deep: v.boolean(),
    partial: v.boolean(),
    files: v.number(),
    damaged: v.number(),
    damagedPaths: paths,
    repairedPaths: paths,
    faults: v.array(v.string()),
  }),
  v.object({
    kind: v.literal("damage-shared"),
    deep: v.boolean(),
    from: v.string(),
    damaged: v.number(),
    damagedPaths: paths,
  }),
  v.object({
    kind: v.literal("repair-shared"),
    from: v.string(),
    repaired: v.number(),
    repairedPaths: paths,
  }),
  v.object({
    kind: v.literal("compared"),
    counts: v.object({
      downgraded: v.number(),
      removed: v.number(),
      "changed-bytes": v.number(),
      upgraded: v.number(),
      rebuilt: v.number(),
      added: v.number(),
      moved: v.number(),
      "version-added": v.number(),
      "version-removed": v.number(),
    }),
    removed: v.array(v.string()),
    downgraded: v.array(v.string()),
    sources: v.number(),
    unread: v.number(),
    urgency: v.optional(v.string()),
    cves: v.array(v.string()),
  }),
  v.object({ kind: v.literal("approved"), contents: v.optional(v.string()) }),
  v.object({
    kind: v.literal("tested"),
    verdict,
    gates: v.array(
      v.object({
        gate: v.string(),
        verdict,
        measured: v.optional(v.number()),
        allowed: v.optional(v.string()),
        seconds: v.number(),
      }),
    ),
  }),
]);
