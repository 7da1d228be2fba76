import { expect, test } from "vitest";
import { Interrupted } from "../../errors.ts";
import { checkLines, lineOf, name } from "./test-support.ts";

/** Scripts read these: they do not change. */
checkLines([
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
]);

checkLines([
  [
    "WARN  The working mirror of ubuntu-noble is no longer public: removed dists, pool from /srv/apt/ubuntu-noble\nClients read staging and production. To have the names again, set [publish] working = true.",
    { type: "working-mirror-hidden", root: "/srv/apt/ubuntu-noble", names: ["dists", "pool"] },
  ],
  [
    "WARN  /etc/mirrorctl/auth.conf holds passwords and can be read by others: chmod 600 /etc/mirrorctl/auth.conf",
    { type: "passwords-exposed", path: "/etc/mirrorctl/auth.conf" },
  ],
  ["WARN  the history could not be read: EIO", { type: "history-unreadable", reason: "EIO" }],
  ["WARN  the history could not be written: EIO", { type: "history-unwritten", error: new Error("EIO") }],
]);

test("has no message for what only moves a progress bar", () => {
  expect(lineOf({ type: "transfer-progressed", sizeBytes: 1 })).toBeUndefined();
  expect(lineOf({ type: "transfer-ended" })).toBeUndefined();
});

test("says of an interruption that nothing is lost", () => {
  expect(new Interrupted("SIGINT").message).toBe(
    "interrupted by SIGINT: what has come so far is kept, and the next run continues from it",
  );
});
