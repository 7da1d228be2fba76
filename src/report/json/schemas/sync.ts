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
  shortage,
  space,
} from "./shapes.ts";

const failed = v.object({ kind: v.literal("failed"), mirror: mirrorId, ...failure });

const outcome = v.variant("kind", [
  v.object({
    kind: v.literal("synced"),
    mirror: mirrorId,
    unchanged: described(v.boolean(), "nothing was new upstream"),
    fetchedFiles: count,
    fetchedBytes: bytes,
    reused: maybe(
      described(
        v.object({
          files: count,
          sizeBytes: bytes,
          ways: described(
            v.object({ linked: count, cloned: count, copied: count }),
            "cloned files share blocks with those that they were made of, until one of them changes",
          ),
        }),
        "what was used of --files in place of downloads; absent if nothing was looked for",
      ),
    ),
    missing: described(
      list(
        v.object({
          path: v.string(),
          listedIn: described(v.string(), "an index"),
          problem: v.string(),
          message,
        }),
      ),
      "listed files that upstream does not have, published without them (allow_missing)",
    ),
    snapshot: maybe(described(v.string(), "the snapshot that the sync made, or kept")),
    staged: described(v.boolean(), "staging now leads to that snapshot"),
    kept: described(v.boolean(), "the snapshot existed before (skip_unchanged)"),
    production: described(
      v.picklist(["none", "begun", "kept"]),
      "clients see nothing yet, see something since this sync, or see what they saw before",
    ),
  }),
  v.object({ kind: v.literal("locked"), mirror: mirrorId, ...failure }),
  v.object({ kind: v.literal("interrupted"), mirror: mirrorId, ...failure }),
  failed,
]);

/** `mirrorctl sync --json` */
export const syncAnswer = list(outcome);

const estimate = v.variant("kind", [
  v.object({
    kind: v.literal("estimated"),
    mirror: mirrorId,
    unchanged: described(v.boolean(), "nothing is new upstream"),
    files: described(count, "packages, sources and images of the whole mirror"),
    sizeBytes: bytes,
    missingFiles: described(count, "files that a sync would download"),
    missingBytes: bytes,
    reusable: maybe(
      described(
        v.object({ files: count, sizeBytes: bytes }),
        "what a sync would use of --files; absent if nothing was looked for",
      ),
    ),
    freeBytes: described(bytes, "free in dir"),
    needs: described(
      list(v.object({ path: v.string(), needed: space, free: space })),
      "what a sync needs on each file system, with its indices, directories and snapshot",
    ),
    shortages: described(list(v.object({ path: v.string(), ...shortage })), "why a sync would refuse"),
  }),
  failed,
]);

/** `mirrorctl sync --dry-run --json` */
export const dryRunAnswer = list(estimate);

export type SyncAnswer = v.InferOutput<typeof syncAnswer>;
export type DryRunAnswer = v.InferOutput<typeof dryRunAnswer>;
