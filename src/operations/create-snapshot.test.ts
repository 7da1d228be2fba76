import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTree } from "../../test/support/index.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";
import { stageSnapshot } from "./stage-snapshot.ts";
import { openSite, suiteFiles } from "./test-support.ts";

const plain = { stage: false, force: false };
const first = suiteFiles("noble", "2026-05-01T00:00:00Z");
const second = suiteFiles("noble", "2026-05-02T00:00:00Z");

const shown = (link: string): string => readFileSync(join(link, "dists/noble/Release"), "utf8");

describe("a snapshot of the working mirror", () => {
  test("is named after the time, and known with its signers", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    const snapshot = await createSnapshot(noble, plain);
    expect(snapshot.name).toBe("2026-05-04T03-02-01Z");
    expect(snapshot.meta.releases[0]?.signedBy).toEqual(["871920D1991BC93C"]);
    expect(await readTree(snapshot.path)).toEqual(await readTree(noble.working.current()?.path ?? ""));
    expect(site.typesOfEvents()).toEqual(["snapshot-creating", "snapshot-created"]);
    expect(noble.history.list({})).toEqual([
      expect.objectContaining({ mirror: "noble", action: "create", who: "ada", to: snapshot.name }),
    ]);
  });

  test("is staged where that is asked for, and production does not move", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    await createSnapshot(noble, { name: "one", stage: true, force: false });
    expect(noble.links.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect(noble.links.read("production")).toEqual({ kind: "none" });
  });

  test("cannot be made before the first sync", async () => {
    const site = await openSite();
    await expect(createSnapshot(site.mirror("noble"), plain)).rejects.toMatchObject({
      code: "NOTHING_SYNCED",
      hint: expect.stringContaining("mirrorctl sync noble"),
    });
  });

  test("is not made twice of the same sync under the same name", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    const made = await createSnapshot(noble, { name: "one", ...plain });
    const again = await createSnapshot(noble, { name: "one", stage: true, force: true });
    expect(again).toEqual(made);
    expect(site.typesOfEvents()).toContain("snapshot-already-there");
    expect(noble.links.read("staging")).toEqual({ kind: "snapshot", name: "one" });
  });

  test("does not take the name of another one without force", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    const { path } = await createSnapshot(noble, { name: "one", ...plain });
    const before = await readTree(path);
    site.bring("noble", second);
    await expect(createSnapshot(noble, { name: "one", ...plain })).rejects.toMatchObject({
      code: "SNAPSHOT_EXISTS",
    });
    expect(await readTree(path)).toEqual(before);
  });

  test("waits for nobody: while the mirror is locked it is refused", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    using _lock = noble.lock("sync");
    await expect(createSnapshot(noble, plain)).rejects.toMatchObject({
      code: "LOCK_HELD",
      message: "mirror noble is locked by ada: sync (process 42)",
    });
  });
});

describe("with force", () => {
  test("replaces a snapshot that nobody sees", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    await createSnapshot(noble, { name: "one", ...plain });
    site.bring("noble", second);
    const { path } = await createSnapshot(noble, { name: "one", stage: false, force: true });
    expect(shown(path)).toBe(second["dists/noble/Release"]);
    expect(noble.catalog.list().map(({ name }) => name)).toEqual(["one"]);
  });

  test("replaces what is staged, and staging shows a complete tree at each step", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    await createSnapshot(noble, { name: "one", stage: true, force: false });
    site.bring("noble", second);
    const seen = new Set<string>();
    const watched = {
      ...noble,
      emit: (news: Parameters<typeof noble.emit>[0]) => {
        seen.add(shown(noble.layout.staging));
        noble.emit(news);
      },
    };
    await createSnapshot(watched, { name: "one", stage: true, force: true });
    expect([...seen]).toEqual([first["dists/noble/Release"], second["dists/noble/Release"]]);
    expect(noble.links.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect(noble.catalog.list().map(({ name }) => name)).toEqual(["one"]);
  });

  test("never replaces what is in production, which stays as it is", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    await createSnapshot(noble, { name: "one", stage: true, force: false });
    promoteSnapshots([noble], {});
    stageSnapshot(noble, "one");
    const before = await readTree(noble.layout.production);
    site.bring("noble", second);
    await expect(createSnapshot(noble, { name: "one", stage: true, force: true })).rejects.toMatchObject({
      code: "SNAPSHOT_IN_USE",
    });
    expect(await readTree(noble.layout.production)).toEqual(before);
    expect(existsSync(noble.layout.staging)).toBe(true);
  });
});
