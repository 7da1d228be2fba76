import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles, readTree } from "../../../test/support/index.ts";
import type { KeptBecause } from "../../report/events.ts";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { promoteSnapshots } from "../promotion/promote-snapshots.ts";
import { hoursMs, leaveStandIn, openSite, type Site, suiteFiles } from "../test-support.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshots } from "./delete-snapshots.ts";

/** A mirror whose second sync is not in the staged snapshot "one" yet. */
async function siteWithOneStaged(name = "one"): Promise<{ site: Site; noble: MirrorContext }> {
  const site = await openSite();
  await site.addTree("noble", first);
  const noble = site.mirror("noble");
  await createSnapshot(noble, { name, stage: true, force: false });
  await site.addTree("noble", second);
  return { site, noble };
}

const namesOf = async ({ catalog }: MirrorContext): Promise<readonly string[]> =>
  (await catalog.list()).map(({ name }) => name);

const plain = { stage: false, force: false };
const first = suiteFiles("noble", "2026-05-01T00:00:00Z");
const second = suiteFiles("noble", "2026-05-02T00:00:00Z");

const shown = (link: string): string => readFileSync(join(link, "dists/noble/Release"), "utf8");

describe("a snapshot of the working mirror", () => {
  test("is named after the time, and recorded with its signers", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    const snapshot = await createSnapshot(noble, plain);
    expect(snapshot.name).toBe("2026-05-04T03-02-01Z");
    expect(snapshot.meta.releases[0]?.signedBy).toEqual(["871920D1991BC93C"]);
    expect(await readTree(snapshot.path)).toEqual(await readTree(noble.working.current()?.path ?? ""));
    expect(site.typesOfEvents()).toEqual(["snapshot-creating", "snapshot-created"]);
    expect(await noble.history.list({})).toEqual([
      expect.objectContaining({ mirror: "noble", action: "create", who: "ada", to: snapshot.name }),
    ]);
  });

  test("is staged on request, and production does not move", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    await createSnapshot(noble, { name: "one", stage: true, force: false });
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect(await noble.publisher.read("production")).toEqual({ kind: "none" });
  });

  test("cannot be made before the first sync", async () => {
    const site = await openSite();
    await expect(createSnapshot(site.mirror("noble"), plain)).rejects.toMatchObject({
      code: "NOTHING_SYNCED",
      hint: expect.stringContaining("mirrorctl sync noble"),
    });
  });

  test.each(["production", "current", "staging", "working", "-x", "one~replacing"])(
    "is not called %s, which commands read in another way",
    async (name) => {
      const site = await openSite();
      await site.addTree("noble", first);
      const noble = site.mirror("noble");
      await expect(createSnapshot(noble, { name, ...plain })).rejects.toMatchObject({
        code: "SNAPSHOT_NAME_INVALID",
      });
      expect(await namesOf(noble)).toEqual([]);
      expect(site.typesOfEvents()).toEqual([]);
    },
  );

  test("is not made twice of the same sync under the same name", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    const made = await createSnapshot(noble, { name: "one", ...plain });
    const again = await createSnapshot(noble, { name: "one", stage: true, force: true });
    expect(again).toEqual(made);
    expect(site.typesOfEvents()).toContain("snapshot-already-there");
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
  });

  test("is staged once: there is no second line in the history", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    for (let count = 1; count <= 2; count++)
      await createSnapshot(noble, { name: "one", stage: true, force: false });
    await stageSnapshot(noble, "one");
    expect(site.events.at(-1)).toEqual({ mirror: "noble", type: "staging-unchanged", name: "one" });
    expect((await noble.history.list({})).map(({ action }) => action)).toEqual(["stage", "create"]);
  });

  test("does not replace another one of its name without force", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    const { path } = await createSnapshot(noble, { name: "one", ...plain });
    const before = await readTree(path);
    await site.addTree("noble", second);
    await expect(createSnapshot(noble, { name: "one", ...plain })).rejects.toMatchObject({
      code: "SNAPSHOT_EXISTS",
    });
    expect(await readTree(path)).toEqual(before);
  });

  test("is refused while the mirror is locked", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    using _lock = await noble.lockWorkingMirror("sync");
    await expect(createSnapshot(noble, plain)).rejects.toMatchObject({
      code: "LOCK_HELD",
      message: "mirror noble is locked by ada: sync (process 42)",
    });
  });
});

/** A mirror whose snapshots are named after the day, with the snapshot of a first sync, and a second sync. */
async function dailySite(): Promise<{ site: Site; noble: MirrorContext; day: string }> {
  const site = await openSite('[mirrors.noble.snapshot]\ndefault_name_format = "2006-01-02"\n');
  await site.addTree("noble", first);
  const noble = site.mirror("noble");
  const { name } = await createSnapshot(noble, plain);
  await addTreeLater(site, second);
  return { site, noble, day: name };
}

async function addTreeLater(site: Site, files: Readonly<Record<string, string>>): Promise<void> {
  site.now = new Date(site.now.getTime() + hoursMs(1));
  await site.addTree("noble", files);
}

const forced = { stage: false, force: true };

describe("a snapshot without a chosen name", () => {
  test("gets the next number if the name was used for other contents, and says so", async () => {
    const { site, noble, day } = await dailySite();
    const { name, path } = await createSnapshot(noble, plain);
    expect(name).toBe(`${day}-2`);
    expect(shown(path)).toBe(second["dists/noble/Release"]);
    expect(site.events).toContainEqual({
      mirror: "noble",
      type: "snapshot-name-taken",
      taken: day,
      name,
      kept: undefined,
    });
    await addTreeLater(site, first);
    expect((await createSnapshot(noble, { stage: true, force: false })).name).toBe(`${day}-3`);
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: `${day}-3` });
    expect(await namesOf(noble)).toEqual([`${day}-3`, `${day}-2`, day]);
  });

  test("is not made twice of the same sync", async () => {
    const { site, noble, day } = await dailySite();
    await createSnapshot(noble, plain);
    expect((await createSnapshot(noble, plain)).name).toBe(`${day}-2`);
    expect(site.events.at(-1)).toMatchObject({ type: "snapshot-already-there", name: `${day}-2` });
    expect(await namesOf(noble)).toEqual([`${day}-2`, day]);
  });

  test("is made again of the same sync if the existing one is known to be damaged", async () => {
    const { noble, day } = await dailySite();
    await createSnapshot(noble, plain);
    await noble.record({ action: "verify", result: "failed", to: `${day}-2` });
    expect((await createSnapshot(noble, plain)).name).toBe(`${day}-3`);
    await expect(createSnapshot(noble, { name: `${day}-2`, ...plain })).rejects.toMatchObject({
      code: "SNAPSHOT_EXISTS",
    });
    const { path } = await createSnapshot(noble, { name: `${day}-2`, ...forced });
    expect(shown(path)).toBe(second["dists/noble/Release"]);
    expect((await noble.history.list({ limit: 2 })).map(({ action }) => action)).toEqual([
      "delete",
      "create",
    ]);
  });

  test("does not use a pruned name of that day again", async () => {
    const { site, noble, day } = await dailySite();
    await createSnapshot(noble, plain);
    await deleteSnapshots(noble, [day], { force: false });
    await addTreeLater(site, first);
    expect((await createSnapshot(noble, plain)).name).toBe(`${day}-3`);
  });

  test.each([
    ["the highest", ["-2"]],
    ["all", ["", "-2"]],
  ])("does not use a name of that day again if %s of them was deleted", async (_what, deleted) => {
    const { site, noble, day } = await dailySite();
    await createSnapshot(noble, plain);
    const names = deleted.map((number) => `${day}${number}`);
    await deleteSnapshots(noble, names, { force: true });
    await addTreeLater(site, first);
    expect((await createSnapshot(noble, plain)).name).toBe(`${day}-3`);
  });

  test("replaces nothing but a snapshot", async () => {
    const { site, noble, day } = await dailySite();
    const mine = join(noble.layout.snapshots, `${day}-2`);
    mkdirSync(mine);
    expect((await createSnapshot(noble, forced)).name).toBe(day);
    await addTreeLater(site, first);
    expect((await createSnapshot(noble, plain)).name).toBe(`${day}-3`);
    expect(readdirSync(mine)).toEqual([]);
  });

  test.each<[string, KeptBecause, (noble: MirrorContext, day: string) => unknown]>([
    ["production shows", { kind: "in-production" }, (noble, day) => publishSnapshot(noble, day, undefined)],
    [
      "a rollback may go back to",
      { kind: "was-in-production" },
      async (noble, day) => {
        await publishSnapshot(noble, day, undefined);
        await createSnapshot(noble, { name: "other", ...plain });
        await publishSnapshot(noble, "other", undefined);
        await noble.catalog.remove("other"); // or the sync would have its snapshot
      },
    ],
    [
      "a link of somebody else shows",
      { kind: "linked", links: ["release-1"] },
      (noble, day) => {
        mkdirSync(noble.layout.root, { recursive: true });
        symlinkSync(join(noble.layout.snapshots, day), join(noble.layout.root, "release-1"));
      },
    ],
    [
      "has lost its record",
      { kind: "not-known" },
      (noble, day) => rmSync(join(noble.layout.snapshotMeta, `${day}.json`)),
    ],
  ])("with force gets a number if the existing one %s", async (_what, kept, use) => {
    const { site, noble, day } = await dailySite();
    await use(noble, day);
    const before = await readTree(join(noble.layout.snapshots, day));
    const { name } = await createSnapshot(noble, forced);
    expect(name).toBe(`${day}-2`);
    expect(site.events).toContainEqual({
      mirror: "noble",
      type: "snapshot-name-taken",
      taken: day,
      name,
      kept,
    });
    expect(await readTree(join(noble.layout.snapshots, day))).toEqual(before);
  });

  test("with force replaces one that is only staged", async () => {
    const { noble, day } = await dailySite();
    await stageSnapshot(noble, day);
    expect((await createSnapshot(noble, forced)).name).toBe(day);
    expect(shown(noble.layout.staging)).toBe(second["dists/noble/Release"]);
    expect(await namesOf(noble)).toEqual([day]);
  });
});

describe("with force", () => {
  test("replaces a snapshot that nobody sees", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    await createSnapshot(noble, { name: "one", ...plain });
    await site.addTree("noble", second);
    const { path } = await createSnapshot(noble, { name: "one", stage: false, force: true });
    expect(shown(path)).toBe(second["dists/noble/Release"]);
    expect((await noble.catalog.list()).map(({ name }) => name)).toEqual(["one"]);
  });

  test("never replaces what a rollback would go back to", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    const { path } = await createSnapshot(noble, { name: "one", ...plain });
    await publishSnapshot(noble, "one", undefined);
    await site.addTree("noble", second);
    await createSnapshot(noble, { name: "two", ...plain });
    await publishSnapshot(noble, "two", undefined);
    const before = await readTree(path);
    await expect(createSnapshot(noble, { name: "one", stage: false, force: true })).rejects.toMatchObject({
      code: "SNAPSHOT_IN_USE",
    });
    expect(await readTree(path)).toEqual(before);
  });

  test("keeps the replaced one until the new one is complete", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    const { path } = await createSnapshot(noble, { name: "one", ...plain });
    await site.addTree("noble", second);
    const catalog = { ...noble.catalog, create: () => Promise.reject(new Error("the disk is full")) };
    await expect(
      createSnapshot({ ...noble, catalog }, { name: "one", stage: false, force: true }),
    ).rejects.toThrow("the disk is full");
    expect(shown(path)).toBe(first["dists/noble/Release"]);
  });

  test("replaces the staged one, and staging shows a complete tree at each step", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    await createSnapshot(noble, { name: "one", stage: true, force: false });
    await site.addTree("noble", second);
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
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect((await noble.catalog.list()).map(({ name }) => name)).toEqual(["one"]);
  });

  test("never replaces one that a link of somebody else shows", async () => {
    const { noble } = await siteWithOneStaged();
    symlinkSync(join(noble.layout.snapshots, "one"), join(noble.layout.root, "release-1"));
    await expect(createSnapshot(noble, { name: "one", stage: true, force: true })).rejects.toMatchObject({
      code: "SNAPSHOT_IN_USE",
      message: "snapshot one of noble is linked as release-1",
    });
    expect(shown(noble.layout.staging)).toBe(first["dists/noble/Release"]);
  });

  test.each([true, false])("frees the files of the replaced one alone (staged: %s)", async (staged) => {
    const { noble } = await siteWithOneStaged();
    if (!staged) await noble.publisher.hide("staging");
    await noble.working.removeOthers();
    const before = (await listFiles(noble.layout.objects)).length;
    await createSnapshot(noble, { name: "one", stage: false, force: true });
    // Release and package of the first sync; the signature is the same.
    expect((await listFiles(noble.layout.objects)).length).toBe(before - 2);
  });

  test("replaces the staged one under the longest valid name", async () => {
    const name = "n".repeat(200);
    const { noble } = await siteWithOneStaged(name);
    await createSnapshot(noble, { name, stage: true, force: true });
    expect(shown(noble.layout.staging)).toBe(second["dists/noble/Release"]);
    expect(await namesOf(noble)).toEqual([name]);
  });

  test("never replaces the one in production, which stays as it is", async () => {
    const site = await openSite();
    await site.addTree("noble", first);
    const noble = site.mirror("noble");
    await createSnapshot(noble, { name: "one", stage: true, force: false });
    await promoteSnapshots([noble], {});
    await stageSnapshot(noble, "one");
    const before = await readTree(noble.layout.production);
    await site.addTree("noble", second);
    await expect(createSnapshot(noble, { name: "one", stage: true, force: true })).rejects.toMatchObject({
      code: "SNAPSHOT_IN_USE",
    });
    expect(await readTree(noble.layout.production)).toEqual(before);
    expect(existsSync(noble.layout.staging)).toBe(true);
  });
});

describe("after a run that was killed while it replaced the staged one", () => {
  const standIn = "one~replacing";

  test.each([
    ["before staging led to the second copy", () => undefined, false],
    ["while staging led to it", (noble: MirrorContext) => stageSnapshot(noble, standIn), false],
    [
      "after the first was deleted",
      async (noble: MirrorContext) => {
        await stageSnapshot(noble, standIn);
        await deleteSnapshots(noble, ["one"], { force: false });
      },
      false,
    ],
    [
      "before the second copy was deleted",
      async (noble: MirrorContext) => {
        await stageSnapshot(noble, standIn);
        await deleteSnapshots(noble, ["one"], { force: false });
        await createSnapshot({ ...noble, catalog: withoutStandIn(noble) }, { name: "one", ...plain });
        await stageSnapshot(noble, "one");
      },
      true,
    ],
  ])("%s, the next run finishes its work", async (_when, goOn, isWhole) => {
    const { noble } = await siteWithOneStaged();
    await leaveStandIn(noble, "one");
    await goOn(noble);
    expect(await namesOf(noble)).toContain(standIn);
    await createSnapshot(noble, { name: "one", stage: false, force: !isWhole });
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect(shown(noble.layout.staging)).toBe(second["dists/noble/Release"]);
    expect(await namesOf(noble)).toEqual(["one"]);
  });

  test("the second copy stays if it was promoted meanwhile", async () => {
    const { noble } = await siteWithOneStaged();
    await leaveStandIn(noble, "one");
    await stageSnapshot(noble, standIn);
    await promoteSnapshots([noble], {});
    await createSnapshot(noble, { name: "one", stage: false, force: true });
    expect(await noble.publisher.read("production")).toEqual({ kind: "snapshot", name: standIn });
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect((await namesOf(noble)).toSorted()).toEqual(["one", standIn]);
  });

  test("the second copy stays while a rollback would go back to it", async () => {
    const { noble } = await siteWithOneStaged();
    await leaveStandIn(noble, "one");
    await stageSnapshot(noble, standIn);
    await promoteSnapshots([noble], {});
    await createSnapshot(noble, { name: "one", stage: false, force: true });
    await publishSnapshot(noble, "one", undefined);
    await createSnapshot(noble, { name: "one", stage: false, force: false }); // which is there
    expect((await namesOf(noble)).toSorted()).toEqual(["one", standIn]);
  });
});

/** Returns the catalog without the second copy. */
const withoutStandIn = ({ catalog }: MirrorContext): MirrorContext["catalog"] => ({
  ...catalog,
  find: async (name) => (name.endsWith("~replacing") ? undefined : await catalog.find(name)),
});
