import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import { hoursMs, rollBackOne, suiteFiles } from "../test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";
import { eventsOfMoves, inProduction, snapshot, stagedSite } from "./test-support.ts";

describe("promote --snapshot", () => {
  test.each([
    ["promote", (noble: MirrorContext) => promoteSnapshots([noble], { snapshot: "new" })],
    ["publish", (noble: MirrorContext) => publishSnapshot(noble, "new", undefined)],
    ["stage", (noble: MirrorContext) => stageSnapshot(noble, "new")],
    ["rollback --to", (noble: MirrorContext) => rollBackOne(noble, { to: "new" })],
  ])("and other verbs say when a named snapshot was deleted: %s", async (_verb, run) => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await deleteSnapshots(noble, ["new"], { force: true });
    await expect(run(noble)).rejects.toThrow(
      "snapshot new of noble was deleted on 2026-05-04 03:02:01 UTC by ada",
    );
  });

  test("promotes the named snapshot although a sync has staged a newer one", async () => {
    const { site, contexts } = await stagedSite();
    const staged = { at: site.now, by: "ada" };
    site.now = new Date(site.now.getTime() + hoursMs(1));
    for (const context of contexts) {
      await site.addTree(context.mirror.id, suiteFiles(context.mirror.id, "2026-05-03T00:00:00Z"));
      await createSnapshot(context, { name: "newer", stage: true, force: false });
    }
    site.events.length = 0;
    expect((await promoteSnapshots(contexts, { snapshot: "new" })).map((one) => one.snapshot.name)).toEqual([
      "new",
      "new",
    ]);
    expect(await inProduction(contexts)).toEqual([snapshot("new"), snapshot("new")]);
    expect(await Promise.all(contexts.map(({ publisher }) => publisher.read("staging")))).toEqual([
      snapshot("newer"),
      snapshot("newer"),
    ]);
    expect(eventsOfMoves(site)[0]).toEqual({
      mirror: "noble",
      type: "promotion-planned",
      name: "new",
      staged,
      isStaged: false,
    });
    expect(site.events).toContainEqual({
      mirror: "noble",
      type: "promotion-started",
      name: "new",
      isStaged: false,
    });
  });

  test("refuses a snapshot that was never staged in one mirror, and moves nothing", async () => {
    const { site, contexts } = await stagedSite();
    for (const context of contexts) {
      await site.addTree(context.mirror.id, suiteFiles(context.mirror.id, "2026-05-03T00:00:00Z"));
      await createSnapshot(context, { name: "newer", stage: false, force: false });
    }
    await stageSnapshot(site.mirror("noble"), "newer");
    await expect(promoteSnapshots(contexts, { snapshot: "newer" })).rejects.toThrow(
      expect.objectContaining({
        code: "NEVER_STAGED",
        message: "snapshot newer of jammy was never staged",
        hint: expect.stringContaining("mirrorctl snapshot stage jammy newer"),
      }),
    );
    expect(await inProduction(contexts)).toEqual([snapshot("old"), snapshot("old")]);
    await expect(promoteSnapshots(contexts, { snapshot: "typo" })).rejects.toThrow(
      expect.objectContaining({ code: "SNAPSHOT_NOT_FOUND" }),
    );
  });

  test("refuses a new snapshot under the name of a staged and deleted one", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await stageSnapshot(noble, "old");
    await deleteSnapshots(noble, ["new"], { force: true });
    await createSnapshot(noble, { name: "new", stage: false, force: false });
    await expect(promoteSnapshots([noble], { snapshot: "new" })).rejects.toThrow(
      expect.objectContaining({ code: "NEVER_STAGED" }),
    );
  });

  test("accepts what the staging link shows if the history does not say so", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    rmSync(noble.layout.history);
    expect(await promoteSnapshots([noble], { snapshot: "new" })).toHaveLength(1);
    await expect(promoteSnapshots([noble], { snapshot: "old" })).rejects.toThrow(
      expect.objectContaining({ code: "NEVER_STAGED" }),
    );
  });

  test("refuses a snapshot that was rolled back", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await promoteSnapshots([noble], {});
    await rollBackOne(noble);
    await expect(promoteSnapshots([noble], { snapshot: "new" })).rejects.toThrow(
      expect.objectContaining({ code: "PROMOTION_REFUSED" }),
    );
  });
});
