import * as v from "valibot";
import { bytes, count, described, list, maybe, mirrorId, snapshotName, texts } from "./shapes.ts";

/** `mirrorctl snapshot verify --json` */
export const verifyAnswer = list(
  v.object({
    mirror: mirrorId,
    name: snapshotName,
    result: v.picklist(["whole", "repaired", "damaged", "gone"]),
    files: described(count, "files that were checked"),
    readBytes: bytes,
    damages: list(
      v.object({
        path: v.string(),
        problem: v.string(),
        repaired: v.boolean(),
        reason: maybe(described(v.string(), "why it could not be repaired")),
        todo: maybe(described(v.string(), "what to do about it")),
      }),
    ),
    faults: described(texts, "why the tree as a whole cannot be trusted"),
    remarks: texts,
    contradictions: described(
      list(
        v.object({
          path: v.string(),
          source: described(v.string(), "the index"),
          algorithm: v.string(),
          listed: v.string(),
          found: v.string(),
        }),
      ),
      "with --all-digests: digests that upstream lists wrongly",
    ),
  }),
);

export type VerifyAnswer = v.InferOutput<typeof verifyAnswer>;
