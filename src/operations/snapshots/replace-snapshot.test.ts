import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles, readTree } from "../../../test/support/index.ts";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { promoteSnapshots } from "../promotion/promote-snapshots.ts";
import { leaveStandIn } from "../test-support.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshots } from "./delete-snapshots.ts";
import { first, namesOf, plain, releaseIn, second, siteWithTree } from "./test-support.ts";

/** A mirror whose second sync is not in the staged snapshot "one" yet. */
async function mirrorWithOneStaged(name = "one"): Promise<MirrorContext> {
  const { site, noble } = await siteWithTree();
  await createSnapshot(noble, { name, stage: true, force: false });
  await site.addTree("noble", second);
  return noble;
}

describe("with force", () => {
  test("replaces a snapshot that nobody sees", async () => {
    const { site, noble } = await siteWithTree();
    await createSnapshot(noble, { name: "one", ...plain });
    await site.addTree("noble", second);
    const { path } = await createSnapshot(noble, { name: "one", stage: false, force: true });
    expect(releaseIn(path)).toBe(second["dists/noble/Release"]);
    expect(await namesOf(noble)).toEqual(["one"]);
  });

  test("never replaces what a rollback would go back to", async () => {
    const { site, noble } = await siteWithTree();
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
    const { site, noble } = await siteWithTree();
    const { path } = await createSnapshot(noble, { name: "one", ...plain });
    await site.addTree("noble", second);
    const catalog = { ...noble.catalog, create: () => Promise.reject(new Error("the disk is full")) };
    await expect(
      createSnapshot({ ...noble, catalog }, { name: "one", stage: false, force: true }),
    ).rejects.toThrow("the disk is full");
    expect(releaseIn(path)).toBe(first["dists/noble/Release"]);
  });

  test("replaces the staged one, and staging shows a complete tree at each step", async () => {
    const { site, noble } = await siteWithTree();
    await createSnapshot(noble, { name: "one", stage: true, force: false });
    await site.addTree("noble", second);
    const seen = new Set<string>();
    const watched = {
      ...noble,
      emit: (news: Parameters<typeof noble.emit>[0]) => {
        seen.add(releaseIn(noble.layout.staging));
        noble.emit(news);
      },
    };
    await createSnapshot(watched, { name: "one", stage: true, force: true });
    expect([...seen]).toEqual([first["dists/noble/Release"], second["dists/noble/Release"]]);
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect(await namesOf(noble)).toEqual(["one"]);
  });

  test("never replaces one that a link of somebody else shows", async () => {
    const noble = await mirrorWithOneStaged();
    symlinkSync(join(noble.layout.snapshots, "one"), join(noble.layout.root, "release-1"));
    await expect(createSnapshot(noble, { name: "one", stage: true, force: true })).rejects.toMatchObject({
      code: "SNAPSHOT_IN_USE",
      message: "snapshot one of noble is linked as release-1",
    });
    expect(releaseIn(noble.layout.staging)).toBe(first["dists/noble/Release"]);
  });

  test.each([true, false])("frees the files of the replaced one alone (staged: %s)", async (staged) => {
    const noble = await mirrorWithOneStaged();
    if (!staged) await noble.publisher.hide("staging");
    await noble.working.removeOthers();
    const before = (await listFiles(noble.layout.objects)).length;
    await createSnapshot(noble, { name: "one", stage: false, force: true });
    // Release and package of the first sync; the signature is the same.
    expect((await listFiles(noble.layout.objects)).length).toBe(before - 2);
  });

  test("replaces the staged one under the longest valid name", async () => {
    const name = "n".repeat(200);
    const noble = await mirrorWithOneStaged(name);
    await createSnapshot(noble, { name, stage: true, force: true });
    expect(releaseIn(noble.layout.staging)).toBe(second["dists/noble/Release"]);
    expect(await namesOf(noble)).toEqual([name]);
  });

  test("never replaces the one in production, which stays as it is", async () => {
    const { site, noble } = await siteWithTree();
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
    const noble = await mirrorWithOneStaged();
    await leaveStandIn(noble, "one");
    await goOn(noble);
    expect(await namesOf(noble)).toContain(standIn);
    await createSnapshot(noble, { name: "one", stage: false, force: !isWhole });
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect(releaseIn(noble.layout.staging)).toBe(second["dists/noble/Release"]);
    expect(await namesOf(noble)).toEqual(["one"]);
  });

  test("the second copy stays if it was promoted meanwhile", async () => {
    const noble = await mirrorWithOneStaged();
    await leaveStandIn(noble, "one");
    await stageSnapshot(noble, standIn);
    await promoteSnapshots([noble], {});
    await createSnapshot(noble, { name: "one", stage: false, force: true });
    expect(await noble.publisher.read("production")).toEqual({ kind: "snapshot", name: standIn });
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect((await namesOf(noble)).toSorted()).toEqual(["one", standIn]);
  });

  test("the second copy stays while a rollback would go back to it", async () => {
    const noble = await mirrorWithOneStaged();
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
