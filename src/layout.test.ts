import { expect, test } from "vitest";
import { mirrorLayout, objectPath, storeLayout } from "./layout.ts";
import { parseSha256 } from "./repository/index.ts";

test("every path is as documented", () => {
  const layout = mirrorLayout("/srv/mirror", {
    id: "noble",
    snapshot: { path: "/srv/snapshots" },
    publish: { staging: "next", production: "live" },
  });
  expect(layout).toEqual({
    dir: "/srv/mirror",
    own: "/srv/mirror/.mirrorctl",
    objects: "/srv/mirror/.mirrorctl/objects/sha256",
    state: "/srv/mirror/.mirrorctl/state",
    history: "/srv/mirror/.mirrorctl/state/history.db",
    outbox: "/srv/mirror/.mirrorctl/state/notifications/outbox.json",
    outboxLock: "/srv/mirror/.mirrorctl/state/notifications/outbox.lock",
    id: "noble",
    root: "/srv/mirror/noble",
    live: "/srv/mirror/noble/.live",
    staging: "/srv/mirror/noble/next",
    production: "/srv/mirror/noble/live",
    trees: "/srv/mirror/.mirrorctl/trees/noble",
    partial: "/srv/mirror/.mirrorctl/partial/noble",
    workingLock: "/srv/mirror/.mirrorctl/locks/noble.lock",
    snapshotsLock: "/srv/mirror/.mirrorctl/locks/noble.snapshots.lock",
    exportLocks: "/srv/mirror/.mirrorctl/locks/noble.export",
    syncState: "/srv/mirror/.mirrorctl/state/noble.json",
    damageMark: "/srv/mirror/.mirrorctl/state/noble.damaged",
    unsweptMark: "/srv/mirror/.mirrorctl/state/noble.unswept",
    snapshots: "/srv/snapshots/noble",
    snapshotMeta: "/srv/snapshots/noble/.meta",
    snapshotTests: "/srv/snapshots/noble/.tests",
    pins: "/srv/snapshots/noble/.pins",
    differences: "/srv/snapshots/noble/.differences",
    changelogs: "/srv/mirror/.mirrorctl/state/changelogs",
    firstSeen: "/srv/mirror/.mirrorctl/state/noble.first-seen",
    installability: "/srv/mirror/.mirrorctl/state/noble.installability",
  });
  expect(storeLayout("/srv/mirror").history).toBe(layout.history);
});

test("an object is named by its digest, in the shard of its first two digits", () => {
  const sha256 = parseSha256("ab".repeat(32));
  expect(objectPath("/objects", sha256)).toBe(`/objects/ab/${sha256}`);
});
