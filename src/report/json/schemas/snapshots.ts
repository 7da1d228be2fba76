import * as v from "valibot";
import {
  bytes,
  count,
  described,
  failure,
  list,
  maybe,
  message,
  mirrorId,
  snapshotName,
  texts,
  time,
} from "./shapes.ts";

const isoTime = v.pipe(v.string(), v.isoTimestamp());

const treeFacts = v.object({
  suites: texts,
  sections: texts,
  architectures: texts,
  source: v.boolean(),
  kinds: v.object({
    contents: v.boolean(),
    translations: v.boolean(),
    dep11: v.boolean(),
    cnf: v.boolean(),
    installer: v.boolean(),
  }),
  filters: v.object({ keepVersions: count, keepSourceVersions: maybe(count), excludePatterns: texts }),
  allowWeak: v.boolean(),
  missing: described(texts, "listed files that upstream did not have"),
  signatureFiles: described(
    v.record(v.string(), v.string()),
    "SHA-256 of InRelease, Release and Release.gpg, by path",
  ),
});

/** `mirrorctl snapshot create --json` */
export const snapshotCreateAnswer = v.object({
  format: v.literal(1),
  name: snapshotName,
  createdAt: isoTime,
  generation: maybe(described(v.string(), "the sync whose tree this is a copy of")),
  files: count,
  packages: count,
  sizeBytes: bytes,
  releases: list(
    v.object({
      suite: v.string(),
      date: maybe(isoTime),
      validUntil: maybe(isoTime),
      signedBy: maybe(described(texts, "fingerprints")),
    }),
  ),
  facts: maybe(described(treeFacts, "what the sync was asked for")),
});

/** `mirrorctl snapshot list --json` */
export const snapshotListAnswer = list(
  v.object({
    mirror: mirrorId,
    name: snapshotName,
    createdAt: time,
    sizeBytes: bytes,
    status: list(v.picklist(["staging", "production"])),
    pin: maybe(
      described(
        v.object({ at: maybe(time), by: maybe(v.string()), note: maybe(v.string()) }),
        "of a pinned snapshot; empty if its file cannot be read",
      ),
    ),
    files: count,
    packages: count,
    usage: maybe(
      described(
        v.object({ uniqueBytes: bytes, sharedBytes: bytes }),
        "with --detailed: bytes of files that no other tree has, and of all others",
      ),
    ),
  }),
);

/** `mirrorctl snapshot stage --json` */
export const snapshotStageAnswer = v.object({ mirror: mirrorId, staging: snapshotName });

/** `mirrorctl snapshot publish --json` */
export const snapshotPublishAnswer = v.object({ mirror: mirrorId, production: snapshotName });

/** `mirrorctl snapshot promote --json` and `mirrorctl snapshot rollback --json` */
export const productionAnswer = list(snapshotPublishAnswer);

/** `mirrorctl snapshot pin --json` and `mirrorctl snapshot unpin --json` */
export const snapshotPinAnswer = v.object({
  mirror: mirrorId,
  snapshot: snapshotName,
  pinned: v.boolean(),
  note: maybe(v.string()),
});

/** `mirrorctl snapshot delete --json` */
export const snapshotDeleteAnswer = v.object({
  mirror: mirrorId,
  deleted: texts,
  failed: list(v.object({ name: snapshotName, ...failure })),
});

const keepReason = v.variant("kind", [
  v.object({ kind: v.literal("newest"), keepLast: count, message }),
  v.object({ kind: v.literal("recent"), keepWithinMs: count, message }),
  v.object({ kind: v.literal("production"), message }),
  v.object({ kind: v.literal("staging"), message }),
  v.object({ kind: v.literal("linked"), link: v.string(), message }),
  v.object({ kind: v.literal("pinned"), note: maybe(v.string()), message }),
  v.object({ kind: v.literal("grace"), leftProductionAt: time, message }),
  v.object({ kind: v.literal("rollback"), message }),
  v.object({ kind: v.literal("history-lost"), message }),
  v.object({ kind: v.literal("last-sync"), message }),
  v.object({ kind: v.literal("not-known"), message }),
]);

/** `mirrorctl snapshot prune --json` */
export const snapshotPruneAnswer = list(
  v.object({
    mirror: mirrorId,
    decisions: described(
      list(
        v.object({
          candidate: v.object({ name: snapshotName, createdAt: time }),
          keep: v.boolean(),
          keptBecause: described(list(keepReason), "empty for what is deleted"),
        }),
      ),
      "newest first",
    ),
  }),
);

export type SnapshotCreateAnswer = v.InferOutput<typeof snapshotCreateAnswer>;
export type SnapshotListAnswer = v.InferOutput<typeof snapshotListAnswer>;
export type SnapshotStageAnswer = v.InferOutput<typeof snapshotStageAnswer>;
export type SnapshotPublishAnswer = v.InferOutput<typeof snapshotPublishAnswer>;
export type ProductionAnswer = v.InferOutput<typeof productionAnswer>;
export type SnapshotPinAnswer = v.InferOutput<typeof snapshotPinAnswer>;
export type SnapshotDeleteAnswer = v.InferOutput<typeof snapshotDeleteAnswer>;
export type SnapshotPruneAnswer = v.InferOutput<typeof snapshotPruneAnswer>;
