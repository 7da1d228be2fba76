import * as v from "valibot";
import { count, described, list, maybe, message, mirrorId, texts } from "./shapes.ts";

const problem = v.object({
  kind: v.picklist(["unknown-key", "missing-key", "bad-value", "repeated-key", "other-file"]),
  key: maybe(described(v.string(), "dotted")),
  file: maybe(described(v.string(), "the file of the line")),
  line: maybe(count),
  column: maybe(count),
  variable: maybe(described(v.string(), "the environment variable that sets the value")),
  message,
});

const remark = v.variant("kind", [
  v.object({ kind: v.literal("snapshots-copied"), path: v.string(), dir: v.string(), message }),
  v.object({ kind: v.literal("few-inodes"), dir: v.string(), inodes: count, message }),
  v.object({ kind: v.literal("signatures-unchecked"), mirror: mirrorId, message }),
  v.object({ kind: v.literal("staging-restarts"), mirror: mirrorId, stagedMs: v.number(), message }),
  v.object({ kind: v.literal("certificates-unchecked"), mirror: mirrorId, message }),
  v.object({
    kind: v.literal("cooldown-outlasts-snapshots"),
    mirror: mirrorId,
    ageMs: count,
    keptMs: count,
    message,
  }),
  v.object({
    kind: v.literal("cooldown-outlasts-release"),
    mirror: mirrorId,
    suite: v.string(),
    ageMs: count,
    validMs: count,
    message,
  }),
  v.object({ kind: v.literal("passwords-exposed"), path: v.string(), message }),
  v.object({ kind: v.literal("secrets-exposed"), path: v.string(), message }),
  v.object({ kind: v.literal("dir-of-other"), dir: v.string(), owner: v.string(), message }),
]);

/** `mirrorctl check config --json` */
export const checkConfigAnswer = v.object({
  valid: v.boolean(),
  path: described(v.string(), "the configuration file"),
  files: described(texts, "all files that were read: the configuration file, and those of conf.d"),
  problems: list(problem),
  remarks: list(remark),
  dir: maybe(v.string()),
  mirrors: list(
    v.object({
      id: mirrorId,
      urls: described(texts, "without credentials"),
      suites: texts,
      sections: texts,
      architectures: texts,
      snapshotEachSync: v.boolean(),
      publishToStaging: v.boolean(),
      synced: described(v.boolean(), "there is a tree of a complete sync"),
    }),
  ),
});

export type CheckConfigAnswer = v.InferOutput<typeof checkConfigAnswer>;
