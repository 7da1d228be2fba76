import * as v from "valibot";
import { bytes, count, described, maybe, mirrorId, snapshotName } from "./shapes.ts";

/** `mirrorctl export --json` */
export const exportAnswer = v.object({
  mirror: mirrorId,
  snapshot: maybe(described(snapshotName, "undefined for the working mirror")),
  since: maybe(described(snapshotName, "without the files of this one")),
  directory: v.string(),
  files: described(count, "files that were copied; with --dry-run, that would be"),
  sizeBytes: bytes,
  thereFiles: described(count, "files that an earlier export had copied"),
  leftOutFiles: described(count, "files that since has"),
  lackedFiles: described(count, "files that upstream lacked; the other side needs allow_missing"),
});

export type ExportAnswer = v.InferOutput<typeof exportAnswer>;
