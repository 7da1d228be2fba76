import * as v from "valibot";
import { verdictKind } from "./gates.ts";
import { compared, historyResult } from "./history.ts";
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

const link = v.picklist(["staging", "production"]);

const damage = {
  at: described(time, "when it was last found"),
  by: v.string(),
  files: maybe(count),
  paths: texts,
  faults: described(texts, "why the tree as a whole cannot be trusted"),
};

const formerProduction = { mirror: mirrorId, name: maybe(snapshotName), at: time, by: v.string() };

const newer = { path: v.string(), version: count, known: count };

const concern = v.variant("kind", [
  v.object({ kind: v.literal("never-synced"), message }),
  v.object({ kind: v.literal("history-lost"), message }),
  v.object({ kind: v.literal("history-damaged"), reason: v.string(), message }),
  v.object({ kind: v.literal("history-newer"), ...newer, message }),
  v.object({ kind: v.literal("sync-failed"), at: time, reason: maybe(v.string()), message }),
  v.object({ kind: v.literal("link-foreign"), link, path: v.string(), message }),
  v.object({ kind: v.literal("link-dangling"), link, name: snapshotName, message }),
  v.object({ kind: v.literal("production-lost"), ...formerProduction, message }),
  v.object({ kind: v.literal("production-deleted"), ...formerProduction, message }),
  v.object({ kind: v.literal("release-expired"), link, validUntil: time, message }),
  v.object({ kind: v.literal("release-expiring"), link, validUntil: time, leftMs: v.number(), message }),
  v.object({
    kind: v.literal("snapshot-damaged"),
    mirror: mirrorId,
    name: snapshotName,
    shownAs: list(link),
    ...damage,
    message,
  }),
  v.object({ kind: v.literal("working-mirror-damaged"), mirror: mirrorId, ...damage, message }),
  v.object({
    kind: v.literal("variant-left-out"),
    variant: described(v.string(), "such as amd64v3"),
    architecture: v.string(),
    suites: texts,
    architectures: described(texts, "what the configuration would have to select"),
    message,
  }),
  v.object({
    kind: v.literal("snapshots-ahead"),
    mirror: mirrorId,
    names: described(list(snapshotName), "those that are dated in the future, newest first"),
    at: described(time, "when the newest was made, as its record says"),
    message,
  }),
  v.object({
    kind: v.literal("gates-failed"),
    mirror: mirrorId,
    gates: described(texts, "those that the staged snapshot fails"),
    message,
  }),
]);

const note = v.variant("kind", [
  v.object({ kind: v.literal("history-unreadable"), reason: v.string(), message }),
  v.object({
    kind: v.literal("staged-rolled-back"),
    name: snapshotName,
    at: time,
    by: v.string(),
    reason: maybe(v.string()),
    message,
  }),
  v.object({
    kind: v.literal("production-apart"),
    mirror: mirrorId,
    name: snapshotName,
    link: described(v.string(), "the path of the link"),
    message,
  }),
  v.object({
    kind: v.literal("identical-snapshots"),
    repeated: count,
    newest: count,
    keepLast: count,
    message,
  }),
]);

const shownTree = v.object({
  name: snapshotName,
  createdAt: maybe(time),
  sizeBytes: maybe(bytes),
  packages: maybe(count),
  releases: list(v.object({ suite: v.string(), date: maybe(time), validUntil: maybe(time) })),
  validUntil: maybe(described(time, "the earliest Valid-Until of its suites")),
});

const running = v.variant("kind", [
  v.object({ kind: v.literal("none") }),
  v.object({
    kind: v.literal("running"),
    process: count,
    verb: maybe(v.string()),
    by: maybe(v.string()),
    since: maybe(time),
  }),
  v.object({ kind: v.literal("unknown"), reason: v.string() }),
]);

const lastSync = v.variant("kind", [
  v.object({ kind: v.literal("known"), at: time, result: historyResult, detail: maybe(v.string()) }),
  v.object({ kind: v.literal("none") }),
  v.object({ kind: v.literal("forgotten") }),
  v.object({ kind: v.literal("damaged") }),
  v.object({ kind: v.literal("unreadable"), reason: v.string() }),
]);

const difference = v.variant("kind", [
  v.object({ kind: v.literal("same-tree") }),
  v.object({ kind: v.literal("same-indices") }),
  v.object({ kind: v.literal("other-indices"), suites: texts }),
  v.object({ kind: v.literal("packages"), suites: texts }),
  v.object({ kind: v.literal("unknown"), suites: texts }),
]);

const configured = v.object({
  mirror: mirrorId,
  configured: v.literal(true),
  lastSync,
  lastGoodSync: maybe(v.object({ at: time, result: v.picklist(["done", "unchanged"]) })),
  running,
  staging: maybe(shownTree),
  production: maybe(shownTree),
  difference: maybe(described(difference, "how staging and production differ")),
  changes: maybe(
    described(compared, "what a promotion would change, if somebody has compared staging with production"),
  ),
  gates: described(
    list(
      v.object({
        gate: v.string(),
        verdict: maybe(
          described(verdictKind, "absent if it was not tested, or its verdict is not valid any more"),
        ),
        at: maybe(described(time, "when it was tested")),
        message,
      }),
    ),
    "of the staged snapshot; empty if production shows it already, or if no gate is configured",
  ),
  snapshots: count,
  pinned: count,
  freeBytes: maybe(bytes),
  freeInodes: maybe(v.number()),
  freeForSnapshotsBytes: maybe(described(bytes, "if snapshots are on another file system than dir")),
  freeForSnapshotsInodes: maybe(v.number()),
  concerns: described(list(concern), "what needs a person: with --check, one of them means exit status 1"),
  notes: list(note),
});

const leftover = v.object({
  mirror: v.string(),
  configured: v.literal(false),
  snapshots: count,
  sizeBytesAtLeast: maybe(bytes),
  paths: described(texts, "everything that mirrorctl made for it alone"),
});

/** `mirrorctl status --json` */
export const statusAnswer = list(v.variant("configured", [configured, leftover]));

export type StatusAnswer = v.InferOutput<typeof statusAnswer>;
