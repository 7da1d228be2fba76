import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshots } from "./delete-snapshots.ts";
import { publishSnapshot } from "./publish-snapshot.ts";
import { rollBack } from "./roll-back.ts";
import { openSite, suiteFiles } from "./test-support.ts";

/** A mirror that had these in production, one after the other. */
async function siteWith(...names: readonly string[]) {
  const site = await openSite();
  const noble = site.mirror("noble");
  for (const [index, name] of names.entries()) {
    site.bring("noble", suiteFiles("noble", `2026-05-0${index + 1}T00:00:00Z`));
    await createSnapshot(noble, { name, stage: false, force: false });
    publishSnapshot(noble, name, undefined);
  }
  site.events.length = 0;
  return { site, noble };
}

describe("roll back", () => {
  test("goes back to what production was before, and twice two steps back", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    expect(rollBack(noble, { reason: "broken" }).name).toBe("b");
    expect(noble.history.list({ limit: 1 })[0]).toMatchObject({
      action: "rollback",
      from: "c",
      to: "b",
      reason: "broken",
    });
    expect(rollBack(noble, {}).name).toBe("a");
    expect(noble.links.read("production")).toEqual({ kind: "snapshot", name: "a" });
    expect(site.typesOfEvents().slice(0, 1)).toEqual(["rollback-started"]);
  });

  test("goes one step back from what the link shows, where its last move left no line", async () => {
    const { noble } = await siteWith("a", "b");
    await createSnapshot(noble, { name: "c", stage: false, force: false });
    noble.links.pointToSnapshot("production", "c"); // by hand, or by a run that was killed before it wrote the line
    expect(rollBack(noble, {}).name).toBe("b");
    expect(rollBack(noble, {}).name).toBe("a");
  });

  test.each([
    ["no further, where it was cut off when production had moved", true, "b", "done"],
    ["one step, where it was cut off before", false, "b", "failed"],
  ])("goes %s", async (_case, hasMoved, goal, result) => {
    const { site, noble } = await siteWith("a", "b", "c");
    noble.begin({ action: "rollback", from: "c", to: "b", reason: "broken" });
    if (hasMoved) noble.links.pointToSnapshot("production", "b");
    site.now = new Date(site.now.getTime() + 1_000);
    expect(rollBack(noble, {}).name).toBe(goal);
    const detail = expect.stringContaining("its end was not written");
    const ended = noble.history.list({}).find((line) => line.reason === "broken");
    expect(ended).toMatchObject({ action: "rollback", result, detail, reason: "broken" });
    expect(site.events).toContainEqual(expect.objectContaining({ type: "warning", message: detail }));
    expect(rollBack(noble, {}).name).toBe("a");
  });

  test("goes back to what was shown before a promotion that was cut off when production had moved", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    noble.begin({ action: "promote", from: "c", to: "b" });
    noble.links.pointToSnapshot("production", "b"); // which had been in production before
    site.now = new Date(site.now.getTime() + 1_000);
    expect(rollBack(noble, {}).name).toBe("c");
    expect(rollBack(noble, {}).name).toBe("b");
  });

  test("goes one step, where one to what production shows anyway was cut off", async () => {
    const { noble } = await siteWith("a", "b");
    noble.begin({ action: "rollback", from: "b", to: "b" });
    expect(rollBack(noble, {}).name).toBe("a");
  });

  test("passes over what it was cut off on the way to, where that was removed by hand since", async () => {
    const { noble } = await siteWith("a", "b", "c");
    noble.begin({ action: "rollback", from: "c", to: "b" });
    noble.links.pointToSnapshot("production", "b");
    rmSync(join(noble.layout.snapshots, "b"), { recursive: true });
    expect(rollBack(noble, {}).name).toBe("a");
  });

  test("goes one step from where a rollback was cut off that was settled since", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    noble.begin({ action: "rollback", from: "c", to: "b" });
    noble.links.pointToSnapshot("production", "b");
    site.bring("noble", suiteFiles("noble", "2026-05-09T00:00:00Z"));
    await createSnapshot(noble, { name: "d", stage: false, force: false });
    expect(noble.history.list({ mirror: "noble", result: "begun" })).toEqual([]);
    expect(rollBack(noble, {}).name).toBe("a");
  });

  test("goes where it is told", async () => {
    const { noble } = await siteWith("a", "b", "c");
    expect(rollBack(noble, { to: "a" }).name).toBe("a");
    expect(() => rollBack(noble, { to: "typo" })).toThrow(
      expect.objectContaining({ code: "SNAPSHOT_NOT_FOUND" }),
    );
    expect(noble.links.read("production")).toEqual({ kind: "snapshot", name: "a" });
  });

  test("passes over what was deleted meanwhile, and says so", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    await deleteSnapshots(noble, ["b"], { force: false });
    expect(rollBack(noble, {}).name).toBe("a");
    expect(site.events).toContainEqual(
      expect.objectContaining({
        type: "warning",
        message: expect.stringContaining("was b, which is deleted"),
      }),
    );
  });

  test("passes over what was deleted meanwhile also where another has its name by now", async () => {
    const { site, noble } = await siteWith("a", "b", "c");
    await deleteSnapshots(noble, ["b"], { force: false });
    site.bring("noble", suiteFiles("noble", "2026-05-09T00:00:00Z"));
    await createSnapshot(noble, { name: "b", stage: true, force: false });
    expect(rollBack(noble, {}).name).toBe("a");
    expect(site.events).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining("was b, which is deleted") }),
    );
    publishSnapshot(noble, "b", undefined);
    publishSnapshot(noble, "c", undefined);
    expect(rollBack(noble, {}).name).toBe("b");
  });

  test("is refused where nothing is known to have been before, and production stays", async () => {
    const { noble } = await siteWith("a");
    expect(() => rollBack(noble, {})).toThrow(
      expect.objectContaining({ code: "NO_PREDECESSOR", hint: expect.stringContaining("--to NAME") }),
    );
    expect(noble.links.read("production")).toEqual({ kind: "snapshot", name: "a" });
  });

  test("is refused where no snapshot is in production", async () => {
    const { noble } = await siteWith();
    expect(() => rollBack(noble, {})).toThrow(expect.objectContaining({ code: "NOTHING_IN_PRODUCTION" }));
  });

  test("names what was deleted where nothing before is left", async () => {
    const { noble } = await siteWith("a", "b");
    await deleteSnapshots(noble, ["a"], { force: false });
    expect(() => rollBack(noble, {})).toThrow(
      expect.objectContaining({ code: "NO_PREDECESSOR", facts: { deleted: ["a"] } }),
    );
  });
});
