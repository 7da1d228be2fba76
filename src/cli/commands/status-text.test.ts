import { describe, expect, test } from "vitest";
import type { MirrorStatus, ShownTree } from "../../operations/status/index.ts";
import { leftoverText, statusText } from "./status-text.ts";

const now = new Date("2026-05-04T12:00:00Z");
const at = (text: string): Date => new Date(`2026-05-${text}Z`);

const two: ShownTree = {
  name: "two",
  createdAt: at("04T09:00:00"),
  sizeBytes: 2_000_000,
  packages: 12,
  releases: [
    { suite: "noble", date: at("04T04:00:00"), validUntil: at("11T04:00:00") },
    { suite: "noble-updates", date: undefined, validUntil: undefined },
  ],
  validUntil: at("11T04:00:00"),
};
const one: ShownTree = { ...two, name: "one", packages: 10, createdAt: at("03T09:00:00"), releases: [] };

const status: MirrorStatus = {
  mirror: "noble",
  configured: true,
  lastSync: { kind: "known", at: at("04T11:00:00"), result: "done", detail: "2 files fetched" },
  lastGoodSync: { at: at("04T11:00:00"), result: "done" },
  running: { kind: "none" },
  staging: two,
  production: one,
  difference: { kind: "packages", suites: ["noble", "noble-updates"] },
  changes: undefined,
  gates: [],
  snapshots: 5,
  pinned: 0,
  freeBytes: 3e9,
  freeInodes: 120_000,
  freeForSnapshotsBytes: undefined,
  freeForSnapshotsInodes: undefined,
  concerns: [{ kind: "sync-failed", at: at("04T11:00:00"), reason: "two\nlines" }],
  notes: [{ kind: "history-unreadable", reason: "permission denied" }],
};

/** The lines of a status with that label, and what is indented below them. */
function linesOf(label: string, changes: Partial<MirrorStatus>): readonly string[] {
  const lines = statusText({ ...status, ...changes }, now).split("\n");
  const first = lines.findIndex((line) => line.startsWith(`  ${label} `));
  if (first === -1) return [];
  const more = lines.slice(first + 1);
  const below = more.slice(
    0,
    more.findIndex((line) => !line.startsWith(" ".repeat(14))),
  );
  return [lines[first] ?? "", ...below].map((line) => line.slice(14));
}

test("a mirror fits in a few lines", () => {
  expect(statusText(status, now)).toBe(`noble
  last sync   2026-05-04 11:00:00 UTC (1h ago), done
  staging     two (made 3h ago, 2.0 MB, valid for 6d 16h)
              Release dates (UTC): noble 2026-05-04 04:00:00, noble-updates unknown
  production  one (made 1d 3h ago, 2.0 MB, valid for 6d 16h)
  difference  packages of noble, noble-updates (12 in staging, 10 in production)
  snapshots   5, 3.0 GB and 120000 inodes free on disk
  attention   the last sync failed: two
              lines
  note        this user cannot read the history: what only the history knows is not shown
              A failed sync and known damage are in it: run status --check as the user that owns \`dir\`
`);
});

describe("a running sync", () => {
  const by = { verb: "sync", by: "ada", since: at("04T11:55:00") };
  test.each<[string, MirrorStatus["running"]]>([
    ["sync since 2026-05-04 11:55:00 UTC (5m), by ada, process 42", { kind: "running", process: 42, ...by }],
    [
      "another run, process 42",
      { kind: "running", process: 42, verb: undefined, by: undefined, since: undefined },
    ],
    ["unknown: EACCES: permission denied", { kind: "unknown", reason: "EACCES: permission denied" }],
  ])("%s", (text, running) => {
    expect(linesOf("running", { running })).toEqual([text]);
  });
});

test("the last good sync is shown only if a later one failed", () => {
  const lastSync = { kind: "known", at: at("04T11:00:00"), result: "failed", detail: "x" } as const;
  const lastGoodSync = { at: at("03T12:00:00"), result: "unchanged" } as const;
  expect(linesOf("last good", {})).toEqual([]);
  expect(linesOf("last good", { lastSync, lastGoodSync })).toEqual([
    "2026-05-03 12:00:00 UTC (1d ago), unchanged",
  ]);
  expect(linesOf("last good", { lastSync, lastGoodSync: undefined })).toEqual(["never"]);
});

test("production is shown in a word if it is the same as staging", () => {
  const same = { production: two, difference: { kind: "same-tree" } } as const;
  expect(linesOf("production", same)).toEqual(["two, as in staging"]);
  expect(linesOf("difference", same)).toEqual([]);
});

test.each<[string, MirrorStatus["difference"]]>([
  ["none: staging and production have the same packages", { kind: "same-indices" }],
  ["no package; other indices of noble", { kind: "other-indices", suites: ["noble"] }],
  ["unknown: the Release of noble cannot be read", { kind: "unknown", suites: ["noble"] }],
])("difference: %s", (text, difference) => {
  expect(linesOf("difference", { difference })).toEqual([text]);
});

test("pinned snapshots are counted", () => {
  expect(linesOf("snapshots", { pinned: 2 })).toEqual([
    "5 (2 pinned), 3.0 GB and 120000 inodes free on disk",
  ]);
});

test("a leftover mirror is shown with the command that removes it", () => {
  const paths = ["/srv/my apt/old", "/srv/apt/.snapshots/old", "/a/state/old.json", "/a/state/old.damaged"];
  const leftover = { mirror: "old", configured: false, snapshots: 1, paths } as const;
  expect(leftoverText({ ...leftover, sizeBytesAtLeast: 1e9 })).toBe(`old (not in the configuration)
  on disk     at least 1.0 GB, 1 snapshot
  remove      rm -r '/srv/my apt/old' /srv/apt/.snapshots/old /a/state/old.*
              once no client reads it and no other configuration names it; the next prune or sync frees the space
`);
  expect(leftoverText({ ...leftover, sizeBytesAtLeast: undefined })).toContain("of unknown size, 1 snapshot");
});

test("shows the free space for snapshots on a file system of their own", () => {
  expect(linesOf("snapshots", {})).toEqual(["5, 3.0 GB and 120000 inodes free on disk"]);
  expect(linesOf("snapshots", { freeForSnapshotsBytes: 2e9, freeForSnapshotsInodes: 7 })).toEqual([
    "5, 2.0 GB and 7 inodes free for them, 3.0 GB and 120000 inodes free in dir",
  ]);
});

test("leaves out inodes on a file system that makes them as they are needed", () => {
  expect(linesOf("snapshots", { freeInodes: undefined })).toEqual(["5, 3.0 GB free on disk"]);
  expect(linesOf("snapshots", { freeInodes: undefined, freeForSnapshotsBytes: 2e9 })).toEqual([
    "5, 2.0 GB free for them, 3.0 GB free in dir",
  ]);
  expect(linesOf("snapshots", { freeBytes: undefined })).toEqual(["5"]);
});

test("a time to come is not an age", () => {
  const production = { ...one, createdAt: new Date(now.getTime() + 90_000_000) };
  const [line] = linesOf("production", { production });
  expect(line).toContain("(made 1d 1h ahead of the clock, ");
});

test("a sync that nobody knows of is not said to be none", () => {
  expect(linesOf("last sync", { lastSync: { kind: "none" } })).toEqual(["never"]);
  expect(linesOf("last sync", { lastSync: { kind: "forgotten" } })).toEqual([
    "unknown: the history has none",
  ]);
  expect(linesOf("last sync", { lastSync: { kind: "damaged" } })).toEqual([
    "unknown: the history is damaged",
  ]);
});
