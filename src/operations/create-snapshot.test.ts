import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles, readTree } from "../../test/support/index.ts";
import type { MirrorContext } from "./context.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshots } from "./delete-snapshots.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";
import { publishSnapshot } from "./publish-snapshot.ts";
import { stageSnapshot } from "./stage-snapshot.ts";
import { openSite, type Site, suiteFiles } from "./test-support.ts";

/** A mirror whose second sync is not in the staged snapshot "one" yet. */
async function siteWithOneStaged(name = "one"): Promise<{ site: Site; noble: MirrorContext }> {
  const site = await openSite();
  site.bring("noble", first);
  const noble = site.mirror("noble");
  await createSnapshot(noble, { name, stage: true, force: false });
  site.bring("noble", second);
  return { site, noble };
}

const namesOf = ({ catalog }: MirrorContext): readonly string[] => catalog.list().map(({ name }) => name);

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
    using _lock = noble.lockWorkingMirror("sync");
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

  test("never replaces what a rollback would go back to", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    const { path } = await createSnapshot(noble, { name: "one", ...plain });
    publishSnapshot(noble, "one", undefined);
    site.bring("noble", second);
    await createSnapshot(noble, { name: "two", ...plain });
    publishSnapshot(noble, "two", undefined);
    const before = await readTree(path);
    await expect(createSnapshot(noble, { name: "one", stage: false, force: true })).rejects.toMatchObject({
      code: "SNAPSHOT_IN_USE",
    });
    expect(await readTree(path)).toEqual(before);
  });

  test("keeps what it is to replace until the new one is whole", async () => {
    const site = await openSite();
    site.bring("noble", first);
    const noble = site.mirror("noble");
    const { path } = await createSnapshot(noble, { name: "one", ...plain });
    site.bring("noble", second);
    const catalog = { ...noble.catalog, create: () => Promise.reject(new Error("the disk is full")) };
    await expect(
      createSnapshot({ ...noble, catalog }, { name: "one", stage: false, force: true }),
    ).rejects.toThrow("the disk is full");
    expect(shown(path)).toBe(first["dists/noble/Release"]);
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

  test("never replaces what a link of somebody else's shows", async () => {
    const { noble } = await siteWithOneStaged();
    symlinkSync(join(noble.layout.snapshots, "one"), join(noble.layout.root, "release-1"));
    await expect(createSnapshot(noble, { name: "one", stage: true, force: true })).rejects.toMatchObject({
      code: "SNAPSHOT_IN_USE",
      message: "snapshot one of noble is linked as release-1",
    });
    expect(shown(noble.layout.staging)).toBe(first["dists/noble/Release"]);
  });

  test.each([true, false])("frees what only the replaced one held (staged: %s)", async (staged) => {
    const { noble } = await siteWithOneStaged();
    if (!staged) noble.links.remove("staging");
    await noble.working.removeOthers();
    const before = (await listFiles(noble.layout.objects)).length;
    await createSnapshot(noble, { name: "one", stage: false, force: true });
    // Release and package of the first sync; the signature is the same.
    expect((await listFiles(noble.layout.objects)).length).toBe(before - 2);
  });

  test("replaces what is staged under the longest name there can be", async () => {
    const name = "n".repeat(200);
    const { noble } = await siteWithOneStaged(name);
    await createSnapshot(noble, { name, stage: true, force: true });
    expect(shown(noble.layout.staging)).toBe(second["dists/noble/Release"]);
    expect(namesOf(noble)).toEqual([name]);
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

describe("after a run that was killed while it replaced what is staged", () => {
  const standIn = { name: "one~replacing", ...plain };

  test.each([
    ["before staging led to the second copy", () => undefined, false],
    ["while staging led to it", (noble: MirrorContext) => stageSnapshot(noble, standIn.name), false],
    [
      "after the first was deleted",
      async (noble: MirrorContext) => {
        stageSnapshot(noble, standIn.name);
        await deleteSnapshots(noble, ["one"], { force: false });
      },
      false,
    ],
    [
      "before the second copy was deleted",
      async (noble: MirrorContext) => {
        stageSnapshot(noble, standIn.name);
        await deleteSnapshots(noble, ["one"], { force: false });
        await createSnapshot({ ...noble, catalog: withoutStandIn(noble) }, { name: "one", ...plain });
        stageSnapshot(noble, "one");
      },
      true,
    ],
  ])("%s, the next one ends what it began", async (_when, goOn, isWhole) => {
    const { noble } = await siteWithOneStaged();
    await createSnapshot(noble, standIn);
    await goOn(noble);
    expect(namesOf(noble)).toContain(standIn.name);
    await createSnapshot(noble, { name: "one", stage: false, force: !isWhole });
    expect(noble.links.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect(shown(noble.layout.staging)).toBe(second["dists/noble/Release"]);
    expect(namesOf(noble)).toEqual(["one"]);
  });

  test("the second copy stays where it was promoted meanwhile", async () => {
    const { noble } = await siteWithOneStaged();
    await createSnapshot(noble, { ...standIn, stage: true });
    promoteSnapshots([noble], {});
    await createSnapshot(noble, { name: "one", stage: false, force: true });
    expect(noble.links.read("production")).toEqual({ kind: "snapshot", name: standIn.name });
    expect(noble.links.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect(namesOf(noble).toSorted()).toEqual(["one", standIn.name]);
  });
});

/** As the catalogue was before it had the second copy. */
const withoutStandIn = ({ catalog }: MirrorContext): MirrorContext["catalog"] => ({
  ...catalog,
  find: (name) => (name.endsWith("~replacing") ? undefined : catalog.find(name)),
});
