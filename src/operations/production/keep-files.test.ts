import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles } from "../../../test/support/index.ts";
import { carriedRecordOf } from "../../layout.ts";
import type { MirrorContext } from "../context.ts";
import { promoteSnapshots } from "../promotion/promote-snapshots.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import { listSnapshots } from "../snapshots/list-snapshots.ts";
import { pruneSnapshots } from "../snapshots/prune-snapshots.ts";
import {
  followWorking,
  hoursMs,
  openSite,
  rollBackOne,
  type Site,
  showBare,
  suiteFiles,
} from "../test-support.ts";
import { publishSnapshot } from "./publish-snapshot.ts";

const dates = { old: "2026-05-01T00:00:00Z", new: "2026-05-02T00:00:00Z", newest: "2026-05-03T00:00:00Z" };
type Name = keyof typeof dates;

const byHash = (name: Name): string => `dists/noble/main/binary-amd64/by-hash/SHA256/${name}`;
const deb = (name: Name): string => `pool/main/t/tool/tool_${dates[name]}_amd64.deb`;

/** Snapshots "old" (in production), "new" and "newest", without a common package or index. */
async function threeSnapshots(extra = ""): Promise<{ site: Site; noble: MirrorContext }> {
  const site = await openSite(extra);
  const noble = site.mirror("noble");
  for (const name of Object.keys(dates) as Name[]) {
    await site.addTree("noble", { ...suiteFiles("noble", dates[name]), [byHash(name)]: `index of ${name}` });
    await createSnapshot(noble, { name, stage: false, force: false });
    site.now = new Date(site.now.getTime() + hoursMs(1));
  }
  await publishSnapshot(noble, "old", undefined);
  return { site, noble };
}

/** Returns the snapshots whose own files clients of production can download. */
const fetchable = ({ layout }: MirrorContext): Name[] =>
  (Object.keys(dates) as Name[]).filter((name) => {
    const whole = [deb(name), byHash(name)].filter((path) => existsSync(join(layout.production, path)));
    expect(whole).toHaveLength(whole.length === 0 ? 0 : 2);
    return whole.length === 2;
  });

const stageAndPromote = async (noble: MirrorContext, name: Name): Promise<void> => {
  await showBare(noble, "staging", name);
  await promoteSnapshots([noble], {});
};

describe("files of the old production", () => {
  test.each<[string, (noble: MirrorContext) => unknown]>([
    ["a promotion", (noble) => stageAndPromote(noble, "new")],
    ["a publication", (noble) => publishSnapshot(noble, "new", undefined)],
    ["a rollback", (noble) => rollBackOne(noble, { to: "new" })],
  ])("stay available after %s", async (_what, move) => {
    const { noble } = await threeSnapshots();
    await move(noble);
    expect(fetchable(noble)).toEqual(["old", "new"]);
    expect(readFileSync(join(noble.layout.production, byHash("old")), "utf8")).toBe("index of old");
  });

  test("stay through further moves until the grace time is over", async () => {
    const { site, noble } = await threeSnapshots(`publish = { grace = "24h" }`);
    await publishSnapshot(noble, "new", undefined);
    site.now = new Date(site.now.getTime() + hoursMs(20));
    await publishSnapshot(noble, "newest", undefined);
    expect(fetchable(noble)).toEqual(["old", "new", "newest"]);
    site.now = new Date(site.now.getTime() + hoursMs(4));
    await pruneSnapshots(noble, { keepLast: 5, dryRun: false });
    expect(fetchable(noble)).toEqual(["new", "newest"]);
    site.now = new Date(site.now.getTime() + hoursMs(20));
    await pruneSnapshots(noble, { keepLast: 5, dryRun: false });
    expect(fetchable(noble)).toEqual(["newest"]);
  });

  test("stay if their snapshot is deleted, and are freed once their time is over", async () => {
    const { site, noble } = await threeSnapshots();
    await publishSnapshot(noble, "newest", undefined);
    await noble.working.removeOthers();
    await deleteSnapshots(noble, ["old", "new"], { force: true });
    expect(fetchable(noble)).toEqual(["old", "newest"]);
    site.now = new Date(site.now.getTime() + hoursMs(24));
    await pruneSnapshots(noble, { dryRun: false });
    expect(fetchable(noble)).toEqual(["newest"]);
    expect(site.events.at(-1)).toMatchObject({ type: "space-freed", objects: 2 });
  });

  test("are freed after their time, also if production goes back to their tree", async () => {
    const { site, noble } = await threeSnapshots();
    await publishSnapshot(noble, "newest", undefined);
    await noble.working.removeOthers();
    await deleteSnapshots(noble, ["old"], { force: true });
    site.now = new Date(site.now.getTime() + hoursMs(25));
    for (const name of ["new", "newest"]) await publishSnapshot(noble, name, undefined);
    expect(await noble.sweep()).toEqual({ objects: 0, freedBytes: 0 }); // a move frees nothing
    await pruneSnapshots(noble, { dryRun: false });
    expect(fetchable(noble)).toEqual(["new", "newest"]);
    expect(site.events.at(-1)).toMatchObject({ type: "space-freed", objects: 2 });
  });

  test("stay if production followed the working mirror", async () => {
    const { noble } = await threeSnapshots();
    await noble.publisher.hide("production");
    await followWorking(noble, "production");
    await publishSnapshot(noble, "old", undefined);
    expect(fetchable(noble)).toEqual(["old", "newest"]);
  });

  test("are not read without a grace time, so that a broken tree can be left", async () => {
    const { noble } = await threeSnapshots(`publish = { grace = "0" }`);
    const record = carriedRecordOf(join(noble.layout.snapshots, "old"));
    mkdirSync(record, { recursive: true });
    const keep = { now: new Date(), graceMs: hoursMs(1) };
    const tree = { kind: "snapshot", name: "new" } as const;
    const prepare = noble.publisher.prepare("production", tree, keep, noble.signal);
    await expect(prepare).rejects.toThrow("EISDIR");
    await publishSnapshot(noble, "new", undefined);
    expect(fetchable(noble)).toEqual(["new"]);
  });

  test("go at once without a grace time", async () => {
    const { noble } = await threeSnapshots(`publish = { grace = "0" }`);
    await publishSnapshot(noble, "new", undefined);
    expect(fetchable(noble)).toEqual(["new"]);
  });

  test("do not count in the list of snapshots", async () => {
    const { noble } = await threeSnapshots();
    const before = (await listSnapshots([noble], { detailed: true })).map(
      ({ status: _status, ...rest }) => rest,
    );
    await publishSnapshot(noble, "new", undefined);
    expect(await listSnapshots([noble], { detailed: true })).toMatchObject(
      before.map(({ name, files, packages, sizeBytes }) => ({ name, files, packages, sizeBytes })),
    );
  });

  test("are not recorded for a new snapshot under an old name", async () => {
    const { site, noble } = await threeSnapshots();
    await publishSnapshot(noble, "new", undefined);
    await publishSnapshot(noble, "newest", undefined);
    await deleteSnapshots(noble, ["new"], { force: true });
    await site.addTree("noble", { ...suiteFiles("noble", dates.old), [byHash("old")]: "index of old" });
    const { path } = await createSnapshot(noble, { name: "new", stage: false, force: false });
    const files = await listFiles(path);
    site.now = new Date(site.now.getTime() + hoursMs(48));
    await pruneSnapshots(noble, { dryRun: false });
    expect(await listFiles(path)).toEqual(files);
  });
});
