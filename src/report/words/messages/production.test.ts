import { checkLines, deed, name } from "./test-support.ts";

checkLines([
  [
    "WARN  Publishing snapshot 2025-10-14T15-45-30Z directly to production for ubuntu-noble: staging and gates are bypassed",
    { type: "publication-started", name },
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
]);
