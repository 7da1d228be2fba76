import * as v from "valibot";
import { verdictKind } from "./gates.ts";
import { bytes, count, described, list, maybe, mirrorId, snapshotName, texts, time } from "./shapes.ts";
import { changeCounts } from "./snapshot-diff.ts";

/** The results of a line. */
export const historyResult = v.picklist(["begun", "done", "unchanged", "failed"]);

/** What the promotion of a snapshot would change. */
export const compared = v.object({
  kind: v.literal("compared"),
  counts: described(changeCounts, "as in snapshot diff"),
  removed: described(texts, "at most 20; the counts are complete"),
  downgraded: described(texts, "at most 20"),
  sources: described(count, "sources with a new version"),
  unread: described(count, "changelogs that could not be read"),
  urgency: maybe(described(v.string(), "the highest one of the new versions")),
  cves: described(texts, "those that the changelogs of the new versions name, at most 10,000"),
});

const details = v.variant("kind", [
  v.object({
    kind: v.literal("created"),
    packages: maybe(count),
    sizeBytes: maybe(bytes),
    contents: maybe(described(v.string(), "equal for snapshots of equal contents")),
    directory: maybe(described(v.string(), "it was imported from there")),
  }),
  v.object({
    kind: v.literal("synced"),
    elapsedMs: v.number(),
    files: described(count, "files that were downloaded, or copied from directory"),
    sizeBytes: bytes,
    directory: maybe(described(v.string(), "read in place of upstream")),
  }),
  v.object({
    kind: v.literal("exported"),
    directory: v.string(),
    since: maybe(described(snapshotName, "without the files of this one")),
    files: described(count, "files that were copied"),
    sizeBytes: bytes,
  }),
  v.object({ kind: v.literal("unlinked"), link: v.picklist(["staging", "production"]) }),
  v.object({
    kind: v.literal("checked"),
    deep: described(v.boolean(), "every file was read"),
    partial: described(v.boolean(), "damaged metadata kept files from being checked"),
    files: count,
    damaged: count,
    damagedPaths: described(texts, "at most 1,000"),
    repairedPaths: described(texts, "at most 1,000"),
    faults: described(texts, "why the tree as a whole cannot be trusted"),
  }),
  v.object({
    kind: v.literal("damage-shared"),
    deep: v.boolean(),
    from: described(v.string(), "the tree that was checked"),
    damaged: count,
    damagedPaths: texts,
  }),
  v.object({
    kind: v.literal("repair-shared"),
    from: described(v.string(), "the tree that was repaired"),
    repaired: count,
    repairedPaths: texts,
  }),
  compared,
  v.object({
    kind: v.literal("approved"),
    contents: maybe(described(v.string(), "equal for snapshots of equal contents")),
  }),
  v.object({
    kind: v.literal("tested"),
    verdict: verdictKind,
    gates: list(
      v.object({
        gate: v.string(),
        verdict: verdictKind,
        measured: maybe(described(v.number(), "in the unit of the gate's limit; durations in milliseconds")),
        allowed: maybe(described(v.string(), "the limit of that time, in words")),
        seconds: v.number(),
      }),
    ),
  }),
]);

const knownAction = v.picklist([
  "sync",
  "create",
  "stage",
  "publish",
  "promote",
  "rollback",
  "unlink",
  "delete",
  "prune",
  "verify",
  "compare",
  "test",
  "approve",
  "pin",
  "unpin",
  "notify",
  "export",
]);

/** `mirrorctl history --json` */
export const historyAnswer = list(
  v.object({
    at: time,
    mirror: mirrorId,
    action: v.union([knownAction, described(v.string(), "an action that only a newer mirrorctl knows")]),
    who: v.string(),
    result: historyResult,
    from: maybe(described(snapshotName, "what had the public name before, or was removed")),
    to: maybe(described(snapshotName, "what has the name now, was made, or was checked")),
    reason: maybe(v.string()),
    detail: maybe(described(v.string(), "in words, for people; words may change")),
    details: maybe(details),
  }),
);

export type HistoryAnswer = v.InferOutput<typeof historyAnswer>;
