import { expect, test } from "vitest";
import { Interrupted } from "../../errors.ts";
import type { MirrorEvent } from "../../events.ts";
import { messageOfEvent } from "./index.ts";

const mirror = "ubuntu-noble";
const name = "2025-10-14T15-45-30Z";
const deed = { at: new Date("2025-10-14T15:46:00Z"), by: "root", reason: "broken" };

type News<Event> = Event extends MirrorEvent ? Omit<Event, "mirror"> : never;

const lineOf = (event: News<MirrorEvent>): string | undefined => {
  const message = messageOfEvent({ mirror, ...event });
  return message && `${message.level.toUpperCase().padEnd(5)} ${message.text}`;
};

const ended = (
  what: Partial<Extract<News<MirrorEvent>, { type: "verify-ended" }>>,
): Extract<News<MirrorEvent>, { type: "verify-ended" }> => ({
  type: "verify-ended",
  name,
  result: "whole",
  files: 3,
  readBytes: 0,
  damaged: 0,
  isUntried: false,
  isWorkingMirror: false,
  ...what,
});

const missing = { kind: "missing", isCarried: false } as const;

const contradiction = (path: string) => ({
  path,
  source: "main/binary-amd64/Packages",
  algorithm: "sha1",
  listed: "1b",
  found: "0a",
});

/** Scripts read these: they do not change. */
test.each<[string, News<MirrorEvent>]>([
  ["INFO  Starting sync for mirror: ubuntu-noble", { type: "sync-started" }],
  ["INFO  Downloading Release file", { type: "release-requested", suite: "noble" }],
  [
    "INFO  PGP signature valid - signed by key 0x871920D1991BC93C",
    { type: "signature-valid", suite: "noble", keyIds: ["871920D1991BC93C"] },
  ],
  ["INFO  Sync completed successfully for ubuntu-noble", { type: "sync-completed" }],
  ["INFO  Creating snapshot: 2025-10-14T15-45-30Z", { type: "snapshot-creating", name }],
  ["INFO  Snapshot created successfully", { type: "snapshot-created", name, how: "linked", sizeBytes: 1 }],
  ["INFO  Publishing snapshot to staging", { type: "staging-publishing" }],
  ["INFO  Staging updated: ubuntu-noble -> 2025-10-14T15-45-30Z", { type: "staging-updated", name }],
  [
    "INFO  Promoting staging snapshot to production for ubuntu-noble",
    { type: "promotion-started", name, isStaged: true },
  ],
  ["INFO  Production updated: ubuntu-noble -> 2025-10-14T15-45-30Z", { type: "production-updated", name }],
  ["ERROR Sync failed for ubuntu-noble", { type: "sync-failed", error: new Error("reason") }],
  ["INFO  Performing dry run - no files will be downloaded", { type: "dry-run-started" }],
  [
    "INFO  Estimated disk space required: 45.2 GB",
    { type: "disk-space-estimated", sizeBytes: 45_200_000_000, missingBytes: 1, freeBytes: 2 },
  ],
])("%s", (line, event) => {
  expect(lineOf(event)).toBe(line);
});

test.each<[string, News<MirrorEvent>]>([
  [
    `WARN  ubuntu-noble: upstream lists 12 files that it does not have as listed:\n${"a.deb: 404 (listed in Packages)\n".repeat(10)}and 2 more, which --json lists\npublished without them, because allow_missing is set`,
    {
      type: "files-missing",
      files: Array.from({ length: 12 }, () => ({
        path: "a.deb",
        listedIn: "Packages",
        problem: "a.deb: 404",
      })),
    },
  ],
  [
    "ERROR 2025-10-14T15-45-30Z: and 390 more not repaired, which --json lists",
    { type: "more-damages", name, what: "left", more: 390 },
  ],
  [
    "WARN  http://a/: dists/noble/InRelease: the Release of … is older than the one held",
    {
      type: "release-refused",
      url: "http://a/",
      reason: "dists/noble/InRelease: the Release of … is older than the one held",
    },
  ],
  [
    "INFO  Taking the Release of noble of 2026-05-04 03:02:01 UTC from http://b/",
    { type: "release-taken", suite: "noble", url: "http://b/", date: new Date("2026-05-04T03:02:01Z") },
  ],
  [
    "INFO  Taking the Release of noble from http://b/",
    { type: "release-taken", suite: "noble", url: "http://b/", date: undefined },
  ],
  [
    "WARN  2 packages are left out: listed under a path that is not UTF-8; clients that ask for it get 404:\n" +
      "Packages:7: one 1.0: pool/%E9%20x.deb\nPackages:9: two 2.0: pool/%FF",
    {
      type: "packages-unnamed",
      packages: [
        { source: "Packages", line: 7, name: "one", version: "1.0", path: "pool/\u00e9 x.deb" },
        { source: "Packages", line: 9, name: "two", version: "2.0", path: "pool/\u00ff" },
      ],
    },
  ],
  [
    "INFO  2025-10-14T15-45-30Z is in staging of ubuntu-noble already: nothing changes",
    { type: "staging-unchanged", name },
  ],
  [
    "INFO  The name 2026-05-04 was used for other contents: this snapshot is 2026-05-04-2",
    { type: "snapshot-name-taken", taken: "2026-05-04", name: "2026-05-04-2", kept: undefined },
  ],
  [
    "INFO  Snapshot 2026-05-04 is in production and is not replaced: this snapshot is 2026-05-04-2",
    {
      type: "snapshot-name-taken",
      taken: "2026-05-04",
      name: "2026-05-04-2",
      kept: { kind: "in-production" },
    },
  ],
  [
    "INFO  PGP signature valid - signed by key 0xAAAA, 0xBBBB",
    { type: "signature-valid", suite: "noble", keyIds: ["AAAA", "BBBB"] },
  ],
  [
    "INFO  Downloading 3 files (1.5 MB), 2 held already",
    { type: "transfer-planned", files: 3, sizeBytes: 1_500_000, heldFiles: 2 },
  ],
  ["INFO  Downloading 1 file (1 B)", { type: "transfer-planned", files: 1, sizeBytes: 1, heldFiles: 0 }],
  [
    "INFO  No files to download, 7 held already",
    { type: "transfer-planned", files: 0, sizeBytes: 0, heldFiles: 7 },
  ],
  [
    "INFO  Snapshot created successfully - copied 2.0 GB, because it is on another file system than dir",
    { type: "snapshot-created", name, how: "copied", sizeBytes: 2e9 },
  ],
  [
    "WARN  Publishing snapshot 2025-10-14T15-45-30Z directly to production for ubuntu-noble: staging and gates are bypassed",
    { type: "publication-started", name },
  ],
  [
    "WARN  Link removed: staging of ubuntu-noble no longer leads to 2025-10-14T15-45-30Z",
    { type: "link-removed", link: "staging", name },
  ],
  [
    "WARN  2025-10-14T15-45-30Z of ubuntu-noble goes into production although it was rolled back on 2025-10-14 15:46:00 UTC by root: broken",
    { type: "rolled-back-returns", name, as: undefined, ...deed },
  ],
  [
    [
      "WARN  2025-10-14T15-45-30Z of ubuntu-noble goes into production although it is damaged: some files, found on 2026-05-04 03:02:01 UTC by ada",
      "Repair it: mirrorctl snapshot verify ubuntu-noble 2025-10-14T15-45-30Z --deep --repair",
    ].join("\n"),
    {
      type: "known-damage",
      name,
      damage: { at: new Date("2026-05-04T03:02:01Z"), by: "ada", files: undefined, paths: [], faults: [] },
    },
  ],
  [
    "INFO  Snapshot 2025-10-14T15-45-30Z of ubuntu-noble was staged on 2025-10-14 15:46:00 UTC by root",
    {
      type: "promotion-planned",
      name,
      staged: { at: new Date("2025-10-14T15:46:00Z"), by: "root" },
      isStaged: true,
    },
  ],
  [
    "INFO  Snapshot 2025-10-14T15-45-30Z of ubuntu-noble is staged, and the history does not say since when",
    { type: "promotion-planned", name, staged: undefined, isStaged: true },
  ],
  [
    "INFO  Promoting snapshot 2025-10-14T15-45-30Z to production for ubuntu-noble",
    { type: "promotion-started", name, isStaged: false },
  ],
  [
    "INFO  2025-10-14T15-45-30Z is in production of ubuntu-noble already: nothing changes",
    { type: "production-unchanged", name },
  ],
  [
    [
      "WARN  ubuntu-noble: 2025-10-14T15-45-30Z goes into production again: the older b was published in its place on 2025-10-14 15:46:00 UTC by root: broken",
      "It was c then, which has the same contents",
    ].join("\n"),
    { type: "replaced-snapshot-returns", name, as: "c", older: "b", ...deed },
  ],
  [
    [
      "WARN  ubuntu-noble: c was in production before: it was deleted on 2025-10-14 15:46:00 UTC by root: broken",
      "ubuntu-noble: b was in production before: it is gone, and the history does not say who removed it",
      "Going back to a",
    ].join("\n"),
    {
      type: "predecessors-gone",
      gone: [
        { name: "c", deletion: deed },
        { name: "b", deletion: undefined },
      ],
      goal: "a",
    },
  ],
  [
    [
      "WARN  ubuntu-noble: 2025-10-14T15-45-30Z was rolled back on 2025-10-14 15:46:00 UTC by root: broken",
      "It is promoted because of --force",
    ].join("\n"),
    { type: "objection-overridden", name, objection: { kind: "rolled-back", ...deed, as: undefined } },
  ],
  ["INFO  Rolling back production for ubuntu-noble", { type: "rollback-started", from: undefined }],
  ["INFO  Rolling back production for ubuntu-noble from b", { type: "rollback-started", from: "b" }],
  [
    "WARN  GET http://u/a: connection reset, trying again in 1.5 s",
    {
      type: "request-retried",
      url: "http://u/a",
      reason: "GET http://u/a: connection reset",
      attempt: 1,
      waitMs: 1500,
    },
  ],
  [
    "WARN  GET http://u/a: no answer; asking http://v/ instead",
    {
      type: "request-retried",
      url: "http://u/",
      reason: "GET http://u/a: no answer",
      attempt: 1,
      waitMs: 0,
      next: "http://v/",
    },
  ],
  [
    "WARN  The working mirror of ubuntu-noble is no longer public: removed dists, pool from /srv/apt/ubuntu-noble\nClients read staging and production. To have the names again, set [publish] working = true.",
    { type: "working-mirror-hidden", root: "/srv/apt/ubuntu-noble", names: ["dists", "pool"] },
  ],
  [
    "ERROR Cannot delete snapshot 2025-10-14T15-45-30Z: disk on fire",
    { type: "snapshot-delete-failed", name, error: new Error("disk on fire") },
  ],
  ["INFO  Freed 12.0 kB in 1 file", { type: "space-freed", objects: 1, sizeBytes: 12_000 }],
  ["DEBUG fetched pool/a.deb (5 B)", { type: "file-fetched", path: "pool/a.deb", sizeBytes: 5 }],
  [
    "DEBUG linked pool/a.deb, whose bytes came meanwhile",
    { type: "file-linked", path: "pool/a.deb", sizeBytes: 5 },
  ],
  ["INFO  Verifying ubuntu-noble: 2025-10-14T15-45-30Z", { type: "verify-started", name }],
  [
    "ERROR 2025-10-14T15-45-30Z: pool/a.deb: it is missing",
    { type: "damage-found", name, path: "pool/a.deb", problem: missing },
  ],
  [
    "WARN  2025-10-14T15-45-30Z of ubuntu-noble has 1 damaged file too, shared with one of debian",
    { type: "damage-shared", name, from: "one of debian", files: 1 },
  ],
  [
    "INFO  Repaired pool/a.deb of 2025-10-14T15-45-30Z from another tree: 3 names",
    { type: "damage-repaired", name, path: "pool/a.deb", from: "tree", names: 3 },
  ],
  [
    "ERROR 2025-10-14T15-45-30Z: not repaired: pool/a.deb: it is missing\nmirrorctl did not put that there, and leaves it alone\nMove it away, then repair again.",
    {
      type: "damage-left",
      name,
      path: "pool/a.deb",
      problem: missing,
      because: { kind: "in-the-way" },
    },
  ],
  [
    "ERROR 2025-10-14T15-45-30Z: there is no Release in it",
    { type: "fault-found", name, fault: { kind: "no-release" } },
  ],
  [
    "INFO  2025-10-14T15-45-30Z: 4 files that nothing in it lists: a, b, c, …",
    {
      type: "verify-remarked",
      name,
      remark: { kind: "files-unlisted", files: 4, names: ["a", "b", "c", "d"] },
    },
  ],
  [
    "INFO  2025-10-14T15-45-30Z: upstream lists 1 digest wrongly; the files are right by the digest that decides, and " +
      "not damaged. apt refuses to download them:\n" +
      "pool/a.deb: the sha1 digest is 0a; main/binary-amd64/Packages lists 1b",
    { type: "contradictions-found", name, contradictions: [contradiction("pool/a.deb")] },
  ],
  ["INFO  2025-10-14T15-45-30Z is whole: 3 files, 1.2 kB read", ended({ result: "whole", readBytes: 1200 })],
  ["INFO  2025-10-14T15-45-30Z is whole again: 3 files", ended({ result: "repaired" })],
  [
    "ERROR 2025-10-14T15-45-30Z is damaged: 1 of 3 files\nTo repair it: mirrorctl snapshot verify ubuntu-noble 2025-10-14T15-45-30Z --deep --repair",
    ended({ result: "damaged", damaged: 1, isUntried: true }),
  ],
  [
    "ERROR 2025-10-14T15-45-30Z is damaged: 1 of 3 files\nTo repair it: mirrorctl snapshot verify ubuntu-noble --deep --repair",
    ended({ result: "damaged", damaged: 1, isUntried: true, isWorkingMirror: true }),
  ],
  ["INFO  2025-10-14T15-45-30Z was removed or replaced while it was verified", ended({ result: "gone" })],
  [
    "WARN  dists/stable/InRelease: signed by BB, but the Release held expects AA or CC (Signed-By)\n" +
      "Clients that have the held Release refuse this one until 2026-11-30 12:00:00 UTC",
    {
      type: "signer-changed",
      path: "dists/stable/InRelease",
      expected: ["AA", "CC"],
      found: ["BB"],
      validUntil: new Date("2026-11-30T12:00:00Z"),
    },
  ],
  [
    'WARN  dists/stable/InRelease:9: a broken line is ignored, as apt does: "x"; with it the field after it, "Suite"',
    {
      type: "release-remarked",
      path: "dists/stable/InRelease",
      remark: { kind: "line-broken", line: 9, text: "x", lostField: "Suite" },
    },
  ],
  [
    "WARN  dists/stable/InRelease: the Release expired: long ago (accepted: allow_expired)",
    {
      type: "release-noted",
      path: "dists/stable/InRelease",
      note: { kind: "accepted", reason: "the Release expired: long ago", option: "allow_expired" },
    },
  ],
  [
    "WARN  InRelease: the Release has no Date: its age cannot be checked",
    { type: "release-noted", path: "InRelease", note: { kind: "undated" } },
  ],
  [
    "WARN  InRelease: the Release is valid only until 2026-11-30T12:00:00.000Z",
    {
      type: "release-noted",
      path: "InRelease",
      note: { kind: "expiring", validUntil: new Date("2026-11-30T12:00:00Z") },
    },
  ],
  [
    'WARN  InRelease: the Release changes its Origin from "a" to "b"; clients accept that only with "apt-get update --allow-releaseinfo-change"',
    {
      type: "release-noted",
      path: "InRelease",
      note: { kind: "field-changed", field: "Origin", before: "a", now: "b" },
    },
  ],
  [
    "WARN  key 0x1 expired (accepted: allow_expired_keys)",
    {
      type: "signature-noted",
      suite: "stable",
      note: { kind: "accepted", reason: "key 0x1 expired", option: "allow_expired_keys" },
    },
  ],
  [
    "WARN  a signature was ignored: key 0x1 expired",
    {
      type: "signature-noted",
      suite: "stable",
      note: { kind: "signature-ignored", reason: "key 0x1 expired" },
    },
  ],
  [
    "WARN  key 0x1 is bound by SHA-1 self-signatures, which Debian 13 refuses since 2026-02-01: such clients will not accept this repository until the upstream renews its key",
    { type: "signature-noted", suite: "stable", note: { kind: "bound-by-sha1", keyId: "1" } },
  ],
  ["WARN  ubuntu-noble: signatures are not checked (no_pgp_check)", { type: "signatures-unchecked" }],
  [
    "WARN  ubuntu-noble: certificates are not checked (insecure_skip_verify)",
    { type: "certificates-unchecked" },
  ],
  [
    "DEBUG key file skipped: a.gpg: it is a directory",
    { type: "key-file-skipped", problem: "a.gpg: it is a directory" },
  ],
  [
    "WARN  dists/a/Release and Release.gpg are left out: GET b: 500",
    {
      type: "companions-left-out",
      path: "dists/a/Release",
      problem: { kind: "not-fetched", reason: "GET b: 500" },
    },
  ],
  [
    "WARN  dists/a/Release.gpg is left out: invalid signature",
    {
      type: "companions-left-out",
      path: "dists/a/Release",
      problem: { kind: "signature-refused", reason: "invalid signature" },
    },
  ],
  [
    "WARN  dists/a/Release does not agree with InRelease and is left out",
    {
      type: "companions-left-out",
      path: "dists/a/Release",
      problem: { kind: "disagree", hasSignature: false },
    },
  ],
  [
    "WARN  dists/a/Release and Release.gpg do not agree with InRelease and are left out",
    {
      type: "companions-left-out",
      path: "dists/a/Release",
      problem: { kind: "disagree", hasSignature: true },
    },
  ],
  [
    "DEBUG dists/a/Release.gpg: invalid signature",
    { type: "signature-refused", path: "dists/a/Release.gpg", reason: "invalid signature" },
  ],
  [
    "WARN  Release.gpg is not ASCII armor and is left out: apt refuses it, and accepts a repository without it",
    { type: "signature-not-armored", path: "Release.gpg" },
  ],
  [
    "WARN  stable: upstream lists but does not have main/i18n/Translation-en",
    { type: "indices-left-out", suite: "stable", because: "absent", names: ["main/i18n/Translation-en"] },
  ],
  [
    "WARN  stable: listed without SHA-256 and SHA-512, and so left out: 6 indices: a, b, c, d, e and 1 more",
    { type: "indices-left-out", suite: "stable", because: "weak", names: ["a", "b", "c", "d", "e", "f"] },
  ],
  [
    "WARN  stable: not as it is listed, and so left out: a",
    { type: "indices-left-out", suite: "stable", because: "different", names: ["a"] },
  ],
  [
    "DEBUG filters leave out 2 packages; clients that request one get 404",
    { type: "packages-filtered", packages: 2 },
  ],
  [
    "DEBUG a: wrong digest; asking again, past the caches on the way",
    { type: "caches-bypassed", reason: "a: wrong digest" },
  ],
  [
    "DEBUG http://a: answers take 90 ms to begin: up to 10 requests are sent ahead of them",
    { type: "pipelining-started", origin: "http://a", roundTripMs: 90, depth: 10 },
  ],
  [
    "DEBUG http://a: no more requests are sent ahead of answers: closed",
    { type: "pipelining-ended", origin: "http://a", reason: "closed" },
  ],
  [
    "WARN  not counted, because SHA256SUMS has no sizes: 1 installer image",
    { type: "images-uncounted", images: 1 },
  ],
  [
    "WARN  /etc/mirrorctl/auth.conf holds passwords and can be read by others: chmod 600 /etc/mirrorctl/auth.conf",
    { type: "passwords-exposed", path: "/etc/mirrorctl/auth.conf" },
  ],
  [
    "DEBUG 2 files of what was shown before stay within reach for 1d",
    { type: "files-carried", files: 2, graceMs: 86_400_000 },
  ],
  [
    "WARN  ubuntu-noble: the disk is full, so that clients in the middle of an update may have to repeat it",
    { type: "files-not-carried", reason: undefined },
  ],
  [
    "WARN  ubuntu-noble: clients in the middle of an update may have to repeat it: EIO",
    { type: "files-not-carried", reason: "EIO" },
  ],
  [
    `WARN  one has an older Release than what was in production (noble): apt never goes back by itself, so clients that have seen the newer one keep its lists, without an error, until production has a Release that is even newer
To take a client back at once: rm -r /var/lib/apt/lists/* && apt-get update`,
    { type: "release-goes-back", name: "one", suites: ["noble"] },
  ],
  [
    "WARN  one: the Release of noble expires in 1d; clients then refuse it",
    {
      type: "release-expires",
      name: "one",
      suite: "noble",
      validUntil: new Date("2026-11-30T12:00:00Z"),
      leftMs: 86_400_000,
    },
  ],
  [
    "WARN  one: the Release of noble has expired (Valid-Until 2026-11-30T12:00:00.000Z); clients then refuse it",
    {
      type: "release-expires",
      name: "one",
      suite: "noble",
      validUntil: new Date("2026-11-30T12:00:00Z"),
      leftMs: 0,
    },
  ],
  [
    "WARN  Production of ubuntu-noble was put back: the promotion failed",
    { type: "production-restored", action: "promote" },
  ],
  [
    "WARN  ubuntu-noble: production could not be put back and may show one: EIO",
    { type: "production-not-restored", name: "one", reason: "EIO" },
  ],
  [
    "WARN  ubuntu-noble: the rollback of 2025-10-14 15:46:00 UTC by root: its end was not written, and production had not moved",
    { type: "cut-off-move-found", action: "rollback", at: deed.at, by: deed.by, hasMoved: false },
  ],
  [
    "WARN  ubuntu-noble: the next sync may link what is damaged, since this user cannot mark it (EACCES): verify as the user that owns /srv",
    { type: "damage-unmarked", reason: "EACCES", dir: "/srv" },
  ],
  [
    "WARN  /srv/a.deb is damaged as well, and could not be replaced: EACCES",
    { type: "shared-damage-left", path: "/srv/a.deb", reason: "EACCES" },
  ],
  [
    "WARN  /srv/a.deb shares the damaged pool/a.deb, and was left alone: verify that snapshot by its name",
    { type: "shared-name-left", path: "/srv/a.deb", damaged: "pool/a.deb" },
  ],
  [
    "WARN  the damaged pool/a.deb has 2 more names outside the trees of this configuration: find /srv -xdev -inum 7",
    { type: "names-elsewhere", path: "pool/a.deb", names: 2, dir: "/srv", inode: "7" },
  ],
  [
    "WARN  the damaged pool/a.deb has 1 more name outside the trees of this configuration: find /srv -xdev -inum 7",
    { type: "names-elsewhere", path: "pool/a.deb", names: 1, dir: "/srv", inode: "7" },
  ],
  [
    "WARN  ubuntu-noble: what the last sync was asked for is readable by its owner alone, and is taken from the configuration",
    { type: "sync-facts-unreadable" },
  ],
  ["WARN  the history could not be read: EIO", { type: "history-unreadable", reason: "EIO" }],
  ["WARN  the history could not be written: EIO", { type: "history-unwritten", error: new Error("EIO") }],
])("%s", (line, event) => {
  expect(lineOf(event)).toBe(line);
});

test("shows ten of many contradictions, and counts the others", () => {
  const contradictions = Array.from({ length: 12 }, (_, index) => contradiction(`pool/${index}.deb`));
  const lines = lineOf({ type: "contradictions-found", name, contradictions })?.split("\n");
  expect(lines).toHaveLength(12);
  expect(lines?.at(-1)).toBe("and 2 more, which --json lists");
});

test("has no message for what only moves a progress bar", () => {
  expect(lineOf({ type: "transfer-progressed", sizeBytes: 1 })).toBeUndefined();
  expect(lineOf({ type: "transfer-ended" })).toBeUndefined();
});

test("says of an interruption that nothing is lost", () => {
  expect(new Interrupted("SIGINT").message).toBe(
    "interrupted by SIGINT: what has come so far is kept, and the next run continues from it",
  );
});
