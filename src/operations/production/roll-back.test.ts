import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MirrorContext } from "../context.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import { pruneSnapshots } from "../snapshots/prune-snapshots.ts";
import { hoursMs, openSite, rollBackOne, showBare, suiteFiles } from "../test-support.ts";
import { nameInProduction } from "./predecessors.ts";
import { publishSnapshot } from "./publish-snapshot.ts";

/** A mirror that had these in production, one after the other. */
async function siteWith(...names: readonly string[]) {
  const site = await openSite();
  const noble = site.mirror("noble");
  for (const [index, name] of names.entries()) {
    await site.addTree("noble", suiteFiles("noble", `2026-05-0${index + 1}T00:00:00Z`));
    await createSnapshot(noble, { name, stage: false, force: false });
    await publishSnapshot(noble, name, undefined);
  }
  site.events.length = 0;
  return { site, noble };
}

/** Snapshots that were made a day apart. */
async function agedSite(...names: readonly string[]) {
  const site = await openSite();
  const noble = site.mirror("noble");
  for (const [index, name] of names.entries()) {
    await site.addTree("noble", suiteFiles("noble", `2026-05-0${index + 1}T00:00:00Z`));
    await createSnapshot(noble, { name, stage: false, force: false });
    site.now = new Date(site.now.getTime() + hoursMs(24));
  }
  return { site, noble };
}

const withoutRollbacks = ({ mirror }: MirrorContext): Pick<MirrorContext, "mirror"> => {
  const prune = { ...mirror.snapshot.prune, keepRollbacks: 0 };
  return { mirror: { ...mirror, snapshot: { ...mirror.snapshot, prune } } };
};

describe("roll back", () => {
  test("goes back to the previous production, and twice two steps back", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    expect((await rollBackOne(noble, { reason: "broken" })).name).toBe("b");
    expect((await noble.history.list({ limit: 1 }))[0]).toMatchObject({
      action: "rollback",
      from: "c",
      to: "b",
      reason: "broken",
    });
    expect((await rollBackOne(noble)).name).toBe("a");
    expect(await noble.publisher.read("production")).toEqual({ kind: "snapshot", name: "a" });
    expect(site.typesOfEvents().slice(0, 1)).toEqual(["rollback-started"]);
  });

  test("goes one step back from what the link shows if its last move left no line", async () => {
    const { noble } = await siteWith("a", "b");
    await createSnapshot(noble, { name: "c", stage: false, force: false });
    await showBare(noble, "production", "c"); // by hand, or by a run that was killed before it wrote the line
    expect((await rollBackOne(noble)).name).toBe("b");
    expect((await rollBackOne(noble)).name).toBe("a");
  });

  test.each([
    ["no further if it was cut off after production had moved", true, "b", "done"],
    ["one step if it was cut off before", false, "b", "failed"],
  ])("goes %s", async (_case, hasMoved, goal, result) => {
    const { site, noble } = await siteWith("a", "b", "c");
    await noble.begin({ action: "rollback", from: "c", to: "b", reason: "broken" });
    if (hasMoved) await showBare(noble, "production", "b");
    site.now = new Date(site.now.getTime() + 1_000);
    expect((await rollBackOne(noble)).name).toBe(goal);
    const detail = expect.stringContaining("its end was not written");
    const ended = (await noble.history.list({})).find((line) => line.reason === "broken");
    expect(ended).toMatchObject({ action: "rollback", result, detail, reason: "broken" });
    expect(site.events).toContainEqual(
      expect.objectContaining({ type: "cut-off-move-found", action: "rollback", hasMoved }),
    );
    expect((await rollBackOne(noble)).name).toBe("a");
  });

  test("goes back behind a promotion that was cut off after production had moved", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    await noble.begin({ action: "promote", from: "c", to: "b" });
    await showBare(noble, "production", "b"); // which had been in production before
    site.now = new Date(site.now.getTime() + 1_000);
    expect((await rollBackOne(noble)).name).toBe("c");
    expect((await rollBackOne(noble)).name).toBe("b");
  });

  test("goes one step if a rollback to the same snapshot was cut off", async () => {
    const { noble } = await siteWith("a", "b");
    await noble.begin({ action: "rollback", from: "b", to: "b" });
    expect((await rollBackOne(noble)).name).toBe("a");
  });

  test("skips the goal of a cut-off rollback if it was removed by hand", async () => {
    const { noble } = await siteWith("a", "b", "c");
    await noble.begin({ action: "rollback", from: "c", to: "b" });
    await showBare(noble, "production", "b");
    rmSync(join(noble.layout.snapshots, "b"), { recursive: true });
    expect((await rollBackOne(noble)).name).toBe("a");
  });

  test("goes one step if a cut-off rollback was settled since", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    await noble.begin({ action: "rollback", from: "c", to: "b" });
    await showBare(noble, "production", "b");
    await site.addTree("noble", suiteFiles("noble", "2026-05-09T00:00:00Z"));
    await createSnapshot(noble, { name: "d", stage: false, force: false });
    expect(await noble.history.list({ mirror: "noble", result: "begun" })).toEqual([]);
    expect((await rollBackOne(noble)).name).toBe("a");
  });

  test("goes to a named snapshot without a readable history, and warns", async () => {
    const { site, noble } = await siteWith("a", "b");
    const unreadable: MirrorContext = {
      ...noble,
      history: {
        ...noble.history,
        list() {
          throw new Error("disk I/O error");
        },
      },
    };
    expect((await rollBackOne(unreadable, { to: "a" })).name).toBe("a");
    expect(await nameInProduction(noble)).toBe("a");
    const event = { mirror: "noble", type: "history-unreadable", reason: "disk I/O error" };
    expect(site.events).toContainEqual(event);
  });

  test("goes to a named snapshot", async () => {
    const { noble } = await siteWith("a", "b", "c");
    expect((await rollBackOne(noble, { to: "a" })).name).toBe("a");
    await expect(rollBackOne(noble, { to: "typo" })).rejects.toThrow(
      expect.objectContaining({ code: "SNAPSHOT_NOT_FOUND" }),
    );
    expect(await noble.publisher.read("production")).toEqual({ kind: "snapshot", name: "a" });
  });

  const deletion = { at: new Date("2026-05-04T03:02:01Z"), by: "ada", reason: undefined };

  test("skips deleted snapshots, and says so", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    await deleteSnapshots(noble, ["b"], { force: true });
    expect((await rollBackOne(noble)).name).toBe("a");
    expect(site.events).toContainEqual(
      expect.objectContaining({ type: "predecessors-gone", gone: [{ name: "b", deletion }], goal: "a" }),
    );
  });

  test("skips a deleted snapshot even if another has its name now", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    await deleteSnapshots(noble, ["b"], { force: true });
    await site.addTree("noble", suiteFiles("noble", "2026-05-09T00:00:00Z"));
    await createSnapshot(noble, { name: "b", stage: true, force: false });
    expect((await rollBackOne(noble)).name).toBe("a");
    expect(site.events).toContainEqual(
      expect.objectContaining({ type: "predecessors-gone", gone: [{ name: "b", deletion }], goal: "a" }),
    );
    await publishSnapshot(noble, "b", undefined);
    await publishSnapshot(noble, "c", undefined);
    expect((await rollBackOne(noble)).name).toBe("b");
  });

  test("is refused if nothing is known to have been in production before", async () => {
    const { noble } = await siteWith("a");
    await expect(rollBackOne(noble)).rejects.toThrow(
      expect.objectContaining({ code: "NO_PREDECESSOR", hint: expect.stringContaining("--to NAME") }),
    );
    expect(await noble.publisher.read("production")).toEqual({ kind: "snapshot", name: "a" });
  });

  test("suggests no newer snapshot for one that was removed by hand", async () => {
    const { site, noble } = await siteWith("a");
    site.now = new Date(site.now.getTime() + hoursMs(1));
    await site.addTree("noble", suiteFiles("noble", "2026-05-02T00:00:00Z"));
    await createSnapshot(noble, { name: "b", stage: false, force: false });
    rmSync(join(noble.layout.snapshots, "a"), { recursive: true });
    await expect(rollBackOne(noble)).rejects.toThrow(
      expect.objectContaining({ hint: expect.stringContaining("No other snapshot of noble is older") }),
    );
  });

  test("names the last production if nothing is in production now", async () => {
    const { noble } = await siteWith("a", "b");
    await deleteSnapshots(noble, ["b"], { force: true });
    await expect(rollBackOne(noble)).rejects.toThrow(
      expect.objectContaining({
        code: "NOTHING_IN_PRODUCTION",
        hint: expect.stringContaining("mirrorctl snapshot publish noble a"),
      }),
    );
  });

  test("is refused if no snapshot is in production", async () => {
    const { noble } = await siteWith();
    await expect(rollBackOne(noble)).rejects.toThrow(
      expect.objectContaining({ code: "NOTHING_IN_PRODUCTION" }),
    );
  });

  test("names the deleted predecessors if none is left", async () => {
    const { noble } = await siteWith("a", "b");
    await deleteSnapshots(noble, ["a"], { force: true });
    await expect(rollBackOne(noble)).rejects.toThrow(
      expect.objectContaining({
        code: "NO_PREDECESSOR",
        message: "noble: a, which was in production before b, was deleted on 2026-05-04 03:02:01 UTC by ada",
        hint: expect.stringContaining("No other snapshot of noble is older"),
        facts: { deleted: ["a"] },
      }),
    );
  });

  test("says that a predecessor was pruned, and suggests the newest older snapshot", async () => {
    const { site, noble } = await agedSite("x", "y", "a", "b", "new");
    for (const name of ["x", "a", "b"]) await publishSnapshot(noble, name, undefined);
    site.now = new Date(site.now.getTime() + hoursMs(25));
    rmSync(join(noble.layout.snapshots, "x"), { recursive: true });
    await pruneSnapshots({ ...noble, ...withoutRollbacks(noble) }, { keepLast: 0, dryRun: false, keep: "y" });
    await createSnapshot(noble, { name: "new", stage: false, force: false });
    await expect(rollBackOne(noble)).rejects.toThrow(
      expect.objectContaining({
        message: [
          "noble: a, which was in production before b, was deleted on 2026-05-10 04:02:01 UTC by ada: pruned: no rule keeps it",
          "What was in production before that is gone too",
        ].join("\n"),
        hint: "The newest snapshot that is older: mirrorctl snapshot rollback noble --to y",
        facts: { deleted: ["a", "x"] },
      }),
    );
  });

  test("says that the history does not know who removed a predecessor by hand", async () => {
    const { noble } = await siteWith("a", "b");
    rmSync(join(noble.layout.snapshots, "a"), { recursive: true });
    await expect(rollBackOne(noble)).rejects.toThrow(
      "a, which was in production before b, is gone, and the history does not say who removed it",
    );
  });

  test("does not suggest a snapshot that was rolled back itself", async () => {
    const { site, noble } = await agedSite("a", "bad", "b");
    for (const name of ["a", "bad"]) await publishSnapshot(noble, name, undefined);
    await rollBackOne(noble);
    await publishSnapshot(noble, "b", undefined);
    site.now = new Date(site.now.getTime() + hoursMs(25));
    await deleteSnapshots(noble, ["a"], { force: true });
    await expect(rollBackOne(noble)).rejects.toThrow(
      expect.objectContaining({ hint: expect.stringContaining("No other snapshot of noble is older") }),
    );
  });

  test("to the snapshot in production says so and records nothing", async () => {
    const { site, noble } = await siteWith("a", "b");
    const before = await noble.history.list({});
    expect((await rollBackOne(noble, { to: "b" })).name).toBe("b");
    expect(site.events).toEqual([{ mirror: "noble", type: "production-unchanged", name: "b" }]);
    expect(await noble.history.list({})).toEqual(before);
  });
});
