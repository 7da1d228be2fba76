import { expect, test } from "vitest";
import { type Concern, concernText, noteText } from "./concerns.ts";

const at = new Date("2026-05-04T03:02:01Z");

test.each<[string, Concern]>([
  ["never synced", { kind: "never-synced" }],
  [
    "the history has no sync of this mirror: it was lost, or the mirror had another id\nWhat was rolled back is not known, and a rollback needs --to. The next sync begins a new history",
    { kind: "history-lost" },
  ],
  [
    "the history /x is damaged\nRestore it from a backup, or move it away: then what was rolled back is forgotten, and a rollback needs --to",
    { kind: "history-damaged", reason: "the history /x is damaged" },
  ],
  ["the last sync failed: no route to host", { kind: "sync-failed", at, reason: "no route to host" }],
  ["the last sync failed: see the log", { kind: "sync-failed", at, reason: undefined }],
  [
    `the last sync failed: twelve:\n${"f\n".repeat(10)}and 2 more, which --json lists`,
    { kind: "sync-failed", at, reason: `twelve:${"\nf".repeat(12)}` },
  ],
  [
    "staging leads to /srv/elsewhere, which is not a snapshot of this mirror",
    { kind: "link-foreign", link: "staging", path: "/srv/elsewhere" },
  ],
  [
    "one is dated in the future (2026-05-04 03:02:01 UTC): this machine's clock was ahead then, or is behind now (timedatectl)\nUntil then it is the newest for prune, and promote --newest-older-than promotes nothing while it is in production.\nOnce others are in production and staging: mirrorctl snapshot delete noble one",
    { kind: "snapshots-ahead", mirror: "noble", names: ["one"], at },
  ],
  [
    "two and 1 other are dated in the future (2026-05-04 03:02:01 UTC): this machine's clock was ahead then, or is behind now (timedatectl)\nUntil then it is the newest for prune, and promote --newest-older-than promotes nothing while it is in production.\nOnce others are in production and staging: mirrorctl snapshot delete noble two",
    { kind: "snapshots-ahead", mirror: "noble", names: ["two", "one"], at },
  ],
  ["production leads to one, which is gone", { kind: "link-dangling", link: "production", name: "one" }],
  [
    "production leads nowhere, and the history has one there: ada put it there on 2026-05-04 03:02:01 UTC\nClients find nothing there until a snapshot is published: mirrorctl snapshot publish noble NAME",
    { kind: "production-lost", mirror: "noble", name: "one", at, by: "ada" },
  ],
  [
    "production leads nowhere: ada deleted one with --force on 2026-05-04 03:02:01 UTC\nClients find nothing there until a snapshot is published: mirrorctl snapshot publish noble NAME",
    { kind: "production-deleted", mirror: "noble", name: "one", at, by: "ada" },
  ],
  [
    "production: its Release has expired, clients refuse it",
    { kind: "release-expired", link: "production", validUntil: at },
  ],
  [
    "staging: its Release expires in 2d 3h, and clients refuse it then",
    { kind: "release-expiring", link: "staging", validUntil: at, leftMs: 51 * 3_600_000 },
  ],
  [
    "one, which is in production and staging, is damaged: 4 files (a, b, c, …), found on 2026-05-04 03:02:01 UTC by ada\nRepair it: mirrorctl snapshot verify noble one --deep --repair",
    {
      kind: "snapshot-damaged",
      mirror: "noble",
      name: "one",
      shownAs: ["production", "staging"],
      at,
      by: "ada",
      files: 4,
      paths: ["a", "b", "c", "d"],
      faults: [],
    },
  ],
  [
    "one cannot be vouched for: signed by unknown key 0x1 (found on 2026-05-04 03:02:01 UTC by ada)\nRepair it: mirrorctl snapshot verify noble one --deep --repair",
    {
      kind: "snapshot-damaged",
      mirror: "noble",
      name: "one",
      shownAs: [],
      at,
      by: "ada",
      files: 1,
      paths: [],
      faults: ["signed by unknown key 0x1"],
    },
  ],
  [
    'resolute, resolute-updates list amd64v3, a variant of amd64 that is not mirrored\nClients that enable it ask for it here too, and cannot update. Add it: architectures = ["amd64", "amd64v3"]\nOr let them do without it: "Architectures: amd64" in their .sources file',
    {
      kind: "variant-left-out",
      variant: "amd64v3",
      architecture: "amd64",
      suites: ["resolute", "resolute-updates"],
      architectures: ["amd64", "amd64v3"],
    },
  ],
  [
    "the working mirror is damaged: 1 file (a), found on 2026-05-04 03:02:01 UTC by ada\nThe next sync replaces it: mirrorctl sync noble",
    {
      kind: "working-mirror-damaged",
      mirror: "noble",
      at,
      by: "ada",
      files: 1,
      paths: ["a"],
      faults: [],
    },
  ],
])("%s", (text, concern) => {
  expect(concernText(concern)).toBe(text);
});

test("notes a history that this user cannot read", () => {
  expect(noteText({ kind: "history-unreadable", reason: "permission denied" })).toBe(
    "this user cannot read the history: what only the history knows is not shown\nA failed sync and known damage are in it: run status --check as the user that owns `dir`",
  );
});

test("notes production that no sync reaches, and says how it would", () => {
  const note = {
    kind: "production-apart",
    mirror: "noble",
    name: "one",
    link: "/srv/a b/noble/current",
  } as const;
  expect(noteText(note)).toBe(
    "production stays at the snapshot one, and syncs of this mirror make no snapshots: nothing new reaches clients\n" +
      "To publish what was synced: mirrorctl snapshot create noble NAME --stage, then mirrorctl snapshot promote noble\n" +
      "To follow the working mirror from now on: ln -sfn .live '/srv/a b/noble/current'",
  );
});

test("notes repeated snapshots, and names the key that helps", () => {
  expect(noteText({ kind: "identical-snapshots", repeated: 4, newest: 5, keepLast: 5 })).toBe(
    "4 of the newest 5 snapshots repeat an older one and push others out of keep_last = 5\n" +
      "[snapshot] skip_unchanged = true makes no snapshot of a sync with nothing new",
  );
});
