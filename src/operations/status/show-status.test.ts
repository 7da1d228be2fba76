import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { diskParent, readTree } from "../../../test/support/index.ts";
import type { Concern } from "../../report/words/concerns.ts";
import { rollBack } from "../production/roll-back.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { promoteSnapshots } from "../promotion/promote-snapshots.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import { listSnapshots } from "../snapshots/list-snapshots.ts";
import { followWorking, hoursMs, openSite, suiteFiles } from "../test-support.ts";
import { showStatus } from "./show-status.ts";

const month = "2026-06-04T00:00:00Z";

async function siteInUse(validUntil = month) {
  const site = await openSite();
  const noble = site.mirror("noble");
  await site.addTree("noble", suiteFiles("noble", "2026-05-01T00:00:00Z", validUntil));
  await noble.record({ action: "sync", result: "done", detail: "3 files fetched (1 B)" });
  await createSnapshot(noble, { name: "one", stage: true, force: false });
  await promoteSnapshots([noble], {});
  return { site, noble };
}

describe("status", () => {
  test("says that what is staged was rolled back, until something else is staged", async () => {
    const { site, noble } = await siteInUse();
    site.now = new Date(site.now.getTime() + hoursMs(1));
    await site.addTree("noble", suiteFiles("noble", "2026-05-02T00:00:00Z", month));
    await createSnapshot(noble, { name: "two", stage: true, force: false });
    await promoteSnapshots([noble], {});
    await rollBack([noble], { reason: "kernel does not boot" });
    const note = {
      kind: "staged-rolled-back",
      name: "two",
      at: site.now,
      by: "ada",
      reason: "kernel does not boot",
    };
    expect((await showStatus(noble)).notes).toEqual([note]);
    await stageSnapshot(noble, "one");
    expect((await showStatus(noble)).notes).toEqual([]);
  });

  test("notes that no sync reaches production any longer once syncs make no snapshots", async () => {
    const { site, noble } = await siteInUse();
    expect((await showStatus(noble)).notes).toEqual([]);
    site.now = new Date(site.now.getTime() + hoursMs(1));
    await noble.record({ action: "sync", result: "done", detail: "1 file fetched (1 B)" });
    const { notes } = await showStatus(noble);
    expect(notes).toEqual([
      { kind: "production-apart", mirror: "noble", name: "one", link: noble.layout.production },
    ]);
    const each = { ...noble, mirror: { ...noble.mirror, snapshotEachSync: true } };
    expect((await showStatus(each)).notes).toEqual([]);
    await createSnapshot(noble, { name: "by-hand", stage: true, force: false });
    expect((await showStatus(noble)).notes).toEqual([]);
    await followWorking(noble, "production");
    expect((await showStatus(noble)).notes).toEqual([]);
  });

  test("shows the state of a mirror, takes no lock and writes nothing", async () => {
    const { site, noble } = await siteInUse();
    const before = await readTree(site.directory.path);
    const status = await showStatus(noble);
    const release = {
      suite: "noble",
      date: new Date("2026-05-01T00:00:00Z"),
      validUntil: new Date(month),
    };
    const shown = {
      name: "one",
      createdAt: site.now,
      sizeBytes: expect.any(Number),
      packages: 1,
      releases: [release],
      validUntil: new Date(month),
    };
    expect(status).toEqual({
      mirror: "noble",
      configured: true,
      lastSync: { kind: "known", at: site.now, result: "done", detail: "3 files fetched (1 B)" },
      lastGoodSync: { at: site.now, result: "done" },
      running: { kind: "none" },
      staging: shown,
      production: shown,
      difference: { kind: "same-tree" },
      gates: [],
      pinned: 0,
      snapshots: 1,
      freeBytes: expect.any(Number),
      freeInodes: expect.any(Number),
      concerns: [],
      notes: [],
    });
    // Except the files that SQLite keeps beside a database while it reads it.
    const after = [...(await readTree(site.directory.path))].filter(([path]) => !/history\.db-/.test(path));
    expect(new Map(after)).toEqual(before);
    using _lock = await noble.lockWorkingMirror("sync");
    expect(await showStatus(noble)).toEqual({
      ...status,
      freeBytes: expect.any(Number),
      freeInodes: expect.any(Number),
      running: { kind: "running", process: process.pid, verb: undefined, by: undefined, since: undefined },
    });
  });

  test("shows a working mirror in production as that", async () => {
    const { noble } = await siteInUse();
    await followWorking(noble, "production");
    expect((await showStatus(noble)).production).toMatchObject({
      name: "(working mirror)",
      validUntil: new Date(month),
    });
  });

  test("of a mirror that never was synced says so", async () => {
    const site = await openSite();
    rmSync(site.directory.join("www"), { recursive: true });
    expect(await showStatus(site.mirror("noble"))).toEqual({
      mirror: "noble",
      configured: true,
      lastSync: { kind: "none" },
      lastGoodSync: undefined,
      running: { kind: "none" },
      staging: undefined,
      production: undefined,
      difference: undefined,
      gates: [],
      pinned: 0,
      snapshots: 0,
      freeBytes: undefined,
      freeInodes: undefined,
      concerns: [{ kind: "never-synced" }],
      notes: [],
    });
  });

  test("says that it never was synced beside whatever else needs a person", async () => {
    const site = await openSite();
    const noble = site.mirror("noble");
    mkdirSync(noble.layout.root);
    symlinkSync("/srv/elsewhere", noble.layout.staging);
    expect((await showStatus(noble)).concerns).toEqual([
      { kind: "never-synced" },
      { kind: "link-foreign", link: "staging", path: "/srv/elsewhere" },
    ]);
  });

  test("shows the rest to a user who may not read the history, and needs nobody for that", async () => {
    const { noble } = await siteInUse();
    rmSync(noble.layout.history);
    symlinkSync("/nonexistent/history.db", noble.layout.history); // which SQLite cannot open either
    const reason = `unable to open the history ${noble.layout.history}. It has to be a file, in a directory that this user may write.`;
    expect(await showStatus(noble)).toMatchObject({
      lastSync: { kind: "unreadable", reason },
      production: { name: "one" },
      concerns: [],
      notes: [{ kind: "history-unreadable", reason }],
    });
    expect(await showStatus({ ...noble, history: { ...noble.history, list: refuseAccess } })).toMatchObject({
      lastSync: { kind: "unreadable", reason: "permission denied" },
      concerns: [],
    });
  });

  test("wants a person where upstream lists a variant, until it is configured", async () => {
    const { noble } = await siteInUse();
    const variant = { variant: "amd64v3", architecture: "amd64", suites: ["noble"] };
    noble.memory.write({
      generation: "g",
      completedAt: month,
      selection: "{}",
      suites: [],
      variantsLeftOut: [variant],
      facts: undefined,
    });
    expect((await showStatus(noble)).concerns).toEqual([
      { kind: "variant-left-out", ...variant, architectures: ["amd64", "amd64v3"] },
    ]);
    const mirror = { ...noble.mirror, architectures: ["amd64", "amd64v3"] };
    expect((await showStatus({ ...noble, mirror })).concerns).toEqual([]);
    // The state is its owner's, as the history is.
    expect(
      (await showStatus({ ...noble, memory: { ...noble.memory, read: refuseAccess } })).concerns,
    ).toEqual([]);
  });

  test("does not take a damaged history for one that is somebody else's", async () => {
    const { noble } = await siteInUse();
    writeFileSync(noble.layout.history, "no database, but of some length".repeat(100));
    const reason = expect.stringContaining("is damaged") as string;
    expect(await showStatus(noble)).toMatchObject({
      lastSync: { kind: "damaged" },
      production: { name: "one" },
      concerns: [{ kind: "history-damaged", reason }],
      notes: [],
    });
  });

  test("asks for a person if a newer mirrorctl wrote the history, readable or not", async () => {
    const { noble } = await siteInUse();
    using database = new DatabaseSync(noble.layout.history);
    database.exec("PRAGMA user_version = 99");
    const concerns = [{ kind: "history-newer", path: noble.layout.history, version: 99 }];
    expect(await showStatus(noble)).toMatchObject({ lastSync: { kind: "known" }, concerns, notes: [] });
    database.exec("ALTER TABLE events RENAME TO lines");
    expect(await showStatus(noble)).toMatchObject({ lastSync: { kind: "unreadable" }, concerns, notes: [] });
  });

  test("tells the space for snapshots apart where they are on another file system", async () => {
    const site = await openSite(`[mirrors.noble.snapshot]\npath = "${join(diskParent, "mirrorctl-none")}"`);
    const isOther = statSync(site.directory.path).dev !== statSync(diskParent).dev;
    expect((await showStatus(site.mirror("noble"))).freeForSnapshotsBytes !== undefined).toBe(isOther);
    expect((await showStatus(site.mirror("jammy"))).freeForSnapshotsBytes).toBeUndefined();
  });

  test("does not say of a mirror that lost its history that it was never synced", async () => {
    const { noble } = await siteInUse();
    rmSync(noble.layout.history);
    expect(await showStatus(noble)).toMatchObject({
      lastSync: { kind: "forgotten" },
      production: { name: "one" },
      concerns: [{ kind: "history-lost" }],
    });
  });

  test("wants a person where production was, by the history, and is no more", async () => {
    const { site, noble } = await siteInUse();
    expect((await showStatus(noble)).concerns).toEqual([]);
    rmSync(noble.layout.production);
    expect((await showStatus(noble)).concerns).toEqual([
      { kind: "production-lost", mirror: "noble", name: "one", at: site.now, by: "ada" },
    ]);
  });

  test("needs a person after production was deleted by force, until it is back", async () => {
    const { site, noble } = await siteInUse();
    await createSnapshot(noble, { name: "two", stage: true, force: false });
    const promotedAt = site.now;
    site.now = new Date(promotedAt.getTime() + hoursMs(1));
    await deleteSnapshots(noble, ["one"], { force: true });
    const deleted = { kind: "production-deleted", mirror: "noble", name: "one", at: site.now, by: "ada" };
    site.now = new Date(promotedAt.getTime() + hoursMs(2));
    expect((await showStatus(noble)).concerns).toEqual([deleted]);
    await deleteSnapshots(noble, ["two"], { force: true }); // staged, and never in production
    expect((await showStatus(noble)).concerns).toEqual([deleted]);
    await createSnapshot(noble, { name: "three", stage: true, force: false });
    await promoteSnapshots([noble], {});
    expect((await showStatus(noble)).concerns).toEqual([]);
  });

  test.each<[string, Parameters<typeof spoil>[0], Concern]>([
    [
      "a failed sync",
      "failed-sync",
      { kind: "sync-failed", at: new Date("2026-05-04T03:02:01Z"), reason: "no route to host" },
    ],
    ["a staged snapshot that is gone", "gone", { kind: "link-dangling", link: "staging", name: "one" }],
    [
      "a link that is not mirrorctl's",
      "foreign",
      { kind: "link-foreign", link: "staging", path: "/srv/elsewhere" },
    ],
  ])("wants a person for %s", async (_what, how, concern) => {
    const { noble } = await siteInUse();
    await spoil(how, noble);
    expect((await showStatus(noble)).concerns).toContainEqual(concern);
  });

  test.each([
    ["2026-05-07T03:02:01Z", { kind: "release-expiring", leftMs: 3 * 86_400_000 }],
    ["2026-05-04T03:02:01Z", { kind: "release-expired" }],
    ["2026-05-07T03:02:02Z", undefined],
  ])("wants a person for a Release that is valid until %s: %j", async (validUntil, concern) => {
    const { noble } = await siteInUse(validUntil);
    const facts = { validUntil: new Date(validUntil), ...concern };
    const links = ["staging", "production"] as const;
    expect((await showStatus(noble)).concerns).toEqual(
      concern === undefined ? [] : links.map((link) => ({ link, ...facts })),
    );
  });
});

function refuseAccess(): never {
  throw Object.assign(new Error("permission denied"), { code: "EACCES" });
}

async function spoil(
  how: "failed-sync" | "gone" | "foreign",
  noble: Awaited<ReturnType<typeof siteInUse>>["noble"],
): Promise<void> {
  const { layout, publisher } = noble;
  if (how === "failed-sync")
    await noble.record({ action: "sync", result: "failed", detail: "no route to host" });
  else if (how === "gone") rmSync(join(layout.snapshots, "one"), { recursive: true });
  else {
    await publisher.hide("staging");
    symlinkSync("/srv/elsewhere", layout.staging);
  }
}

describe("list", () => {
  test("lists all snapshots with their links and, if asked, their sizes", async () => {
    const { site, noble } = await siteInUse();
    const contexts = [noble, site.mirror("jammy")];
    expect(await listSnapshots(contexts, { detailed: false })).toEqual([
      {
        mirror: "noble",
        name: "one",
        createdAt: site.now,
        sizeBytes: expect.any(Number),
        status: ["staging", "production"],
        files: 4,
        packages: 1,
        usage: undefined,
      },
    ]);
    const [listed] = await listSnapshots(contexts, { detailed: true });
    // The working mirror still holds all of it.
    expect(listed?.usage).toEqual({ uniqueBytes: 0, sharedBytes: listed?.sizeBytes });
  });
});
