import { cpSync, existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { keepReasonText } from "../../report/words/retention.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { promoteSnapshots } from "../promotion/promote-snapshots.ts";
import { hoursMs, openSite, rollBackOne, suiteFiles } from "../test-support.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshots } from "./delete-snapshots.ts";
import { pruneEach, pruneSnapshots, pruneUnlocked } from "./prune-snapshots.ts";
import { usesOf } from "./snapshot-uses.ts";

/** "a" to "f", a day apart; "a" left production for "b" ten hours before now, and "c" is staged. */
async function agedSite({ keepRollbacks = 0 } = {}) {
  const site = await openSite(
    `[mirrors.noble.snapshot.prune]\nkeep_last = 1\nkeep_within = "36h"\nkeep_rollbacks = ${keepRollbacks}`,
  );
  const noble = site.mirror("noble");
  const start = site.now.getTime();
  for (const [index, name] of ["a", "b", "c", "d", "e", "f"].entries()) {
    site.now = new Date(start + index * hoursMs(24));
    await site.addTree("noble", suiteFiles("noble", `2026-05-0${index + 1}T00:00:00Z`));
    await createSnapshot(noble, { name, stage: false, force: false });
  }
  await publishSnapshot(noble, "a", undefined);
  await publishSnapshot(noble, "b", undefined);
  await stageSnapshot(noble, "c");
  site.now = new Date(site.now.getTime() + hoursMs(10));
  const names = async (): Promise<string> => (await noble.catalog.list()).map(({ name }) => name).join("");
  return { site, noble, names };
}

const reasons = (decisions: Awaited<ReturnType<typeof pruneSnapshots>>): object =>
  Object.fromEntries(
    decisions.map(({ candidate, keptBecause }) => [candidate.name, keptBecause.map(keepReasonText)]),
  );

describe("prune", () => {
  test("returns why each snapshot is kept, and deletes the others", async () => {
    const { site, noble, names } = await agedSite();
    site.events.length = 0;
    expect(reasons(await pruneSnapshots(noble, { dryRun: false }))).toEqual({
      f: ["among the newest 1", "within the time to keep"],
      e: ["within the time to keep"],
      d: [],
      c: ["staged"],
      b: ["in production"],
      a: ["left production within the grace time"],
    });
    expect(await names()).toBe("fecba");
    expect(site.typesOfEvents()).toEqual(["snapshot-deleted"]);
    expect((await noble.history.list({ limit: 1 }))[0]).toMatchObject({
      action: "delete",
      from: "d",
      reason: "pruned: no rule keeps it",
    });
  });

  test("deletes what left production before the grace time", async () => {
    const { site, noble, names } = await agedSite();
    site.now = new Date(site.now.getTime() + hoursMs(14));
    await pruneSnapshots(noble, { keepLast: 0, dryRun: false });
    expect(await names()).toBe("fcb");
  });

  test("keeps what mirrorctl is not known to have made", async () => {
    const { site, noble } = await agedSite();
    const { snapshots, snapshotMeta } = noble.layout;
    site.now = new Date("2100-01-01T00:00:00Z"); // long after the copies are born
    cpSync(join(snapshots, "d"), join(snapshots, "copy"), { recursive: true });
    cpSync(join(snapshots, "d/pool"), join(snapshots, "files"), { recursive: true });
    rmSync(join(snapshotMeta, "e.json"));
    const decisions = await pruneSnapshots(noble, { keepLast: 0, keepWithinMs: 0, dryRun: false });
    const unknown = ["not known to be mirrorctl's: its .meta file is missing or damaged"];
    expect(reasons(decisions)).toMatchObject({ copy: unknown, e: unknown, a: [], d: [], f: [] });
    expect((await noble.catalog.list()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["copy", "e"]),
    );
    expect(existsSync(join(snapshots, "files"))).toBe(true);
  });

  test("keeps what clients read under an old name of production or a name of others", async () => {
    const { noble, names } = await agedSite();
    const { root, snapshots } = noble.layout;
    symlinkSync(join(snapshots, "d"), join(root, "stable"));
    symlinkSync(join(snapshots, "d"), join(root, "legacy"));
    symlinkSync(join(snapshots, "e/dists"), join(root, "lists"));
    const decisions = await pruneSnapshots(noble, { keepLast: 0, keepWithinMs: 0, dryRun: false });
    expect(reasons(decisions)).toMatchObject({
      f: [],
      e: ["linked as lists"],
      d: ["linked as legacy", "linked as stable"],
      c: ["staged"],
      b: ["in production"],
    });
    expect(await names()).toBe("edcba");
  });

  test("keeps the one of the last sync even if no rule keeps any", async () => {
    const { noble, names } = await agedSite();
    const none = { keepLast: 0, keepWithinMs: 0, dryRun: false };
    expect(reasons(await pruneUnlocked(noble, { ...none, keep: "f" }))).toMatchObject({
      f: ["of the last sync"],
      e: [],
    });
    expect(await names()).toBe("fcba");
    await pruneUnlocked(noble, none);
    expect(await names()).toBe("cba");
  });

  test("deletes nothing in a dry run, and needs no lock for it", async () => {
    const { noble, names } = await agedSite();
    using _lock = await noble.lockSnapshots("snapshot stage");
    const decisions = await pruneSnapshots(noble, { dryRun: true });
    expect(decisions.filter(({ keep }) => !keep).map(({ candidate }) => candidate.name)).toEqual(["d"]);
    expect(await names()).toBe("fedcba");
    await expect(pruneSnapshots(noble, { dryRun: false })).rejects.toMatchObject({ code: "LOCK_HELD" });
  });

  test("uses the rules of the command instead of the configuration", async () => {
    const { noble, names } = await agedSite();
    await pruneSnapshots(noble, { keepLast: 4, keepWithinMs: 0, dryRun: false });
    expect(await names()).toBe("fedcba");
    await pruneSnapshots(noble, { keepLast: 0, keepWithinMs: 0, dryRun: false });
    expect(await names()).toBe("cba");
  });
});

/** Production showed each of these in turn, long ago. */
async function formerSite(keepRollbacks: number, ...names: readonly string[]) {
  const { site, noble, names: left } = await agedSite({ keepRollbacks });
  for (const name of names) await publishSnapshot(noble, name, undefined);
  site.now = new Date(site.now.getTime() + hoursMs(1000));
  return { site, noble, left };
}
const all = { keepLast: 0, keepWithinMs: 0, dryRun: false };

describe("what a rollback would go back to", () => {
  test.each([
    [0, "fc"],
    [1, "fdc"],
    [2, "fedc"],
    [3, "fedcb"],
    [9, "fedcba"],
  ])("is kept whatever its age: the nearest %i", async (keepRollbacks, kept) => {
    const { noble, left } = await formerSite(keepRollbacks, "e", "d", "f"); // after a and b
    await pruneSnapshots(noble, all);
    expect(await left()).toBe(kept);
  });

  test("is kept for that reason", async () => {
    const { noble } = await formerSite(1, "e", "d", "f");
    const decisions = await pruneSnapshots(noble, all);
    expect(reasons(decisions)).toMatchObject({ d: ["a rollback would go back to it"], e: [] });
  });

  test("is the next one that still exists if the nearest was deleted", async () => {
    const { noble, left } = await formerSite(1, "e", "d", "f");
    await deleteSnapshots(noble, ["d"], { force: true });
    await pruneSnapshots(noble, all);
    expect(await left()).toBe("fec");
    expect((await rollBackOne(noble)).name).toBe("e");
  });

  test("counts each snapshot once, however often it was in production", async () => {
    const { noble, left } = await formerSite(2, "e", "d", "e", "d", "f");
    await pruneSnapshots(noble, all);
    expect(await left()).toBe("fedc");
  });

  test("does not include what was rolled back", async () => {
    const { site, noble, left } = await formerSite(1, "e", "d");
    await rollBackOne(noble);
    site.now = new Date(site.now.getTime() + hoursMs(25));
    await pruneSnapshots(noble, all);
    expect(await left()).toBe("ecb");
    expect((await rollBackOne(noble)).name).toBe("b");
  });

  test("stays while nothing is in production", async () => {
    const { noble, left } = await formerSite(1, "e", "d");
    await deleteSnapshots(noble, ["d"], { force: true });
    await pruneSnapshots(noble, all);
    expect(await left()).toBe("ec");
  });

  test.each([
    [0, "ec", {}],
    [1, "edc", { d: ["a rollback may need it: the history does not say what production was before"] }],
    [3, "edcb", {}],
  ])("is not known once the history was lost: %d older ones stay (%s)", async (keepRollbacks, kept, why) => {
    const { noble, left } = await formerSite(keepRollbacks, "a", "e");
    rmSync(noble.layout.history);
    expect(reasons(await pruneSnapshots(noble, all))).toMatchObject(why);
    expect(await left()).toBe(kept);
    await expect(rollBackOne(noble)).rejects.toThrow(expect.objectContaining({ code: "NO_PREDECESSOR" }));
  });

  test("is deleted only with force once the history was lost", async () => {
    const { noble } = await formerSite(1, "a", "e");
    rmSync(noble.layout.history);
    expect((await usesOf(noble, "d")).rollback).toContain(
      "the history does not say what production was before",
    );
    const { failures } = await deleteSnapshots(noble, ["d"], { force: false });
    expect(failures.get("d")).toMatchObject({ code: "SNAPSHOT_IN_USE" });
  });

  test("is unknown without a readable history: nothing is pruned then", async () => {
    const { noble, left } = await formerSite(1, "e", "d");
    writeFileSync(noble.layout.history, "x".repeat(4096));
    await expect(pruneSnapshots(noble, all)).rejects.toMatchObject({ code: "HISTORY_DAMAGED" });
    expect(await left()).toBe("fedcba");
  });
});

test("the mirrors after the one at which a prune was stopped are left alone", async () => {
  const { noble, names } = await agedSite();
  const stop = new AbortController();
  const ports = { ...noble, signal: stop.signal, emit: () => stop.abort() };
  const outcomes = await pruneEach([ports, ports], { keepLast: 0, keepWithinMs: 0, dryRun: false });
  expect(outcomes).toEqual([{ kind: "failed", mirror: "noble", error: stop.signal.reason }]);
  expect(await names()).toBe("edcba"); // stopped once the first was deleted
});

test("what was rolled back is remembered for the same contents after it was pruned", async () => {
  const site = await openSite("[mirrors.noble.snapshot.prune]\nkeep_last = 1");
  const noble = site.mirror("noble");
  const sync = async (name: string, isNew: boolean): Promise<void> => {
    site.now = new Date(site.now.getTime() + hoursMs(25));
    if (isNew) await site.addTree("noble", suiteFiles("noble", site.now.toISOString()));
    await createSnapshot(noble, { name, stage: true, force: false });
  };
  await sync("good", true);
  await promoteSnapshots([noble], {});
  await sync("bad", true);
  await promoteSnapshots([noble], {});
  await rollBackOne(noble);
  await sync("same", false);
  expect(reasons(await pruneSnapshots(noble, { dryRun: false }))).toMatchObject({ bad: [] });
  expect(await noble.catalog.find("bad")).toBeUndefined();
  await expect(promoteSnapshots([noble], {})).rejects.toThrow(
    "same has the same contents as bad, which was rolled back",
  );
  await sync("better", true);
  await promoteSnapshots([noble], {});
});

test("days of hourly syncs after a promotion leave what a rollback needs", async () => {
  const site = await openSite("[mirrors.noble.snapshot.prune]\nkeep_last = 2");
  const noble = site.mirror("noble");
  const hourlySync = async (hour: number): Promise<void> => {
    site.now = new Date(site.now.getTime() + hoursMs(1));
    // Upstream changes every six hours; the other syncs make a snapshot of the same files.
    if (hour < 7 || hour % 6 === 0) await site.addTree("noble", suiteFiles("noble", site.now.toISOString()));
    const { name } = await createSnapshot(noble, { name: `hour-${hour}`, stage: true, force: false });
    await pruneSnapshots(noble, { dryRun: false, keep: name });
  };
  await hourlySync(1);
  await promoteSnapshots([noble], {});
  for (let hour = 2; hour <= 5; hour++) await hourlySync(hour);
  await promoteSnapshots([noble], {});
  for (let hour = 6; hour <= 5 + 2 * 24; hour++) await hourlySync(hour); // twice the grace time
  expect((await noble.catalog.list()).map(({ name }) => name)).toEqual([
    "hour-53",
    "hour-52",
    "hour-5",
    "hour-1",
  ]);
  expect((await rollBackOne(noble, { reason: "broken" })).name).toBe("hour-1");
  expect(await noble.publisher.read("production")).toEqual({ kind: "snapshot", name: "hour-1" });
  await hourlySync(54);
  await expect(rollBackOne(noble)).rejects.toThrow(expect.objectContaining({ code: "NO_PREDECESSOR" }));
});
