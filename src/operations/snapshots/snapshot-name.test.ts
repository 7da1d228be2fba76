import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTree } from "../../../test/support/index.ts";
import type { KeptBecause } from "../../report/events.ts";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { hoursMs, type Site } from "../test-support.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshots } from "./delete-snapshots.ts";
import { first, forced, namesOf, plain, releaseIn, second, siteWithTree } from "./test-support.ts";

/** A mirror whose snapshots are named after the day, with the snapshot of a first sync, and a second sync. */
async function dailySite(): Promise<{ site: Site; noble: MirrorContext; day: string }> {
  const { site, noble } = await siteWithTree(
    '[mirrors.noble.snapshot]\ndefault_name_format = "2006-01-02"\n',
  );
  const { name } = await createSnapshot(noble, plain);
  await addTreeLater(site, second);
  return { site, noble, day: name };
}

async function addTreeLater(site: Site, files: Readonly<Record<string, string>>): Promise<void> {
  site.now = new Date(site.now.getTime() + hoursMs(1));
  await site.addTree("noble", files);
}

describe("a snapshot without a chosen name", () => {
  test("gets the next number if the name was used for other contents, and says so", async () => {
    const { site, noble, day } = await dailySite();
    const { name, path } = await createSnapshot(noble, plain);
    expect(name).toBe(`${day}-2`);
    expect(releaseIn(path)).toBe(second["dists/noble/Release"]);
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
    expect(releaseIn(path)).toBe(second["dists/noble/Release"]);
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
    expect(releaseIn(noble.layout.staging)).toBe(second["dists/noble/Release"]);
    expect(await namesOf(noble)).toEqual([day]);
  });
});
