import * as v from "valibot";
import {
  bytes,
  count,
  described,
  list,
  maybe,
  message,
  mirrorId,
  snapshotName,
  texts,
  time,
} from "./shapes.ts";

const reason = described(v.string(), "what went wrong, in words");

const problem = v.variant("kind", [
  v.object({
    kind: v.literal("missing"),
    isCarried: described(v.boolean(), "the file of another tree is there for a time"),
    message,
  }),
  v.object({ kind: v.literal("not-a-file"), message }),
  v.object({ kind: v.literal("size-differs"), sizeBytes: bytes, expectedBytes: maybe(bytes), message }),
  v.object({
    kind: v.literal("digest-differs"),
    algorithm: v.string(),
    found: v.string(),
    expected: v.string(),
    message,
  }),
  v.object({ kind: v.literal("no-digest"), message }),
  v.object({ kind: v.literal("unreadable"), reason, message }),
  v.object({ kind: v.literal("signature-refused"), reason, message }),
  v.object({ kind: v.literal("differs-from-inrelease"), message }),
]);

const todo = described(v.string(), "what to do, in words");
const digest = maybe(described(v.string(), "algorithm and digest, to recognize a copy in a backup"));

const left = v.variant("kind", [
  v.object({ kind: v.literal("bytes-refused"), reason, digest, message, todo }),
  v.object({ kind: v.literal("lost"), status: count, url: v.string(), digest, message, todo }),
  v.object({ kind: v.literal("failed"), reason, hint: maybe(v.string()), message, todo }),
  v.object({ kind: v.literal("disk-full"), reason, message, todo }),
  v.object({ kind: v.literal("denied"), reason, message, todo }),
  v.object({ kind: v.literal("disk-fault"), reason, message, todo }),
  v.object({ kind: v.literal("in-the-way"), message, todo }),
  v.object({ kind: v.literal("not-ours"), message, todo }),
  v.object({ kind: v.literal("release-lost"), date: maybe(v.string()), message, todo }),
]);

const fault = v.variant("kind", [
  v.object({ kind: v.literal("no-release"), message }),
  v.object({ kind: v.literal("unreadable"), reason, message }),
  v.object({
    kind: v.literal("signature-refused"),
    path: v.string(),
    reason,
    hint: maybe(v.string()),
    message,
  }),
  v.object({ kind: v.literal("metadata-refused"), reason, message }),
]);

const remark = v.variant("kind", [
  v.object({ kind: v.literal("suite-unchecked"), suite: v.string(), message }),
  v.object({ kind: v.literal("index-unchecked"), path: v.string(), message }),
  v.object({ kind: v.literal("expired-since"), path: v.string(), reason, message }),
  v.object({ kind: v.literal("release-expired"), suite: v.string(), validUntil: time, message }),
  v.object({
    kind: v.picklist(["files-lacked", "files-filtered", "packages-unnamed", "files-unlisted"]),
    files: count,
    names: described(texts, "at most 1,000"),
    message,
  }),
]);

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
        problem,
        repaired: v.boolean(),
        left: maybe(described(left, "with --repair: why it could not be repaired")),
      }),
    ),
    faults: described(list(fault), "why the tree as a whole cannot be trusted"),
    remarks: described(list(remark), "what differs and is not damage"),
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
