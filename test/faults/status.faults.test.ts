/** `status` reads almost nothing from the disk, because monitoring runs it every minute during syncs. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publishSnapshot } from "../../src/operations/production/publish-snapshot.ts";
import { createSnapshot } from "../../src/operations/snapshots/create-snapshot.ts";
import { showStatus } from "../../src/operations/status/index.ts";
import { followWorking, suiteFiles } from "../../src/operations/test-support.ts";
import { Site } from "../support/site.ts";
import { withFault } from "./faulty-disk.ts";

const stepsOf = async (work: () => unknown) => [...(await withFault("EIO", Infinity, work)).taken];

test("status changes nothing, and reads only the Release of each tree", async () => {
  await using site = await Site.make();
  const noble = site.mirror("noble");
  const make = async (): Promise<void> => {
    for (const day of ["01", "02", "03"]) {
      await site.addTree("noble", suiteFiles("noble", `2026-05-${day}T00:00:00Z`));
      await createSnapshot(noble, { name: `day${day}`, stage: true, force: false });
      if (day === "01") await publishSnapshot(noble, "day01", undefined);
    }
  };
  const made = await stepsOf(make);
  const insideTrees = /\/day\d\d\/.|\/trees\/noble\/\d[^/]*\/./;
  expect(made.some(({ path }) => insideTrees.test(path))).toBe(true);
  const shown: unknown[] = [];
  const steps = await stepsOf(async () => shown.push(await showStatus(noble)));
  await followWorking(noble, "production");
  steps.push(...(await stepsOf(async () => shown.push(await showStatus(noble)))));
  expect(shown).toMatchObject([
    { snapshots: 3, production: { name: "day01" } },
    { snapshots: 3, production: { name: "(working mirror)" } },
  ]);
  expect(steps.filter(({ needs }) => needs === "room" || needs === "change")).toEqual([]);
  const inside = steps.filter(({ path }) => insideTrees.test(path));
  expect(inside).not.toEqual([]);
  expect(inside.filter(({ path }) => !/\/dists\/noble\/(?:InRelease|Release)$/.test(path))).toEqual([]);
});

test("status walks no tree of a snapshot whose record is lost", async () => {
  await using site = await Site.make();
  const noble = site.mirror("noble");
  const files = suiteFiles("noble", "2026-05-01T00:00:00Z");
  await site.addTree("noble", { ...files, "pool/main/a/apt/apt_1_amd64.deb": "apt" });
  await createSnapshot(noble, { name: "one", stage: true, force: false });
  rmSync(join(noble.layout.snapshotMeta, "one.json"));
  const shown: unknown[] = [];
  const steps = await stepsOf(async () => shown.push(await showStatus(noble)));
  expect(shown).toMatchObject([
    { snapshots: 1, staging: { name: "one", packages: undefined, releases: [{ suite: "noble" }] } },
  ]);
  const inside = join(noble.layout.snapshots, "one");
  const below = steps.flatMap(({ path }) => (path.startsWith(inside) ? [path.slice(inside.length)] : []));
  expect(below).toContain("/dists");
  expect(below.filter((path) => path.startsWith("/pool/main/"))).toEqual([]);
});
