import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import { hoursMs, rollBackOne, suiteFiles } from "../test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";
import { inProduction, snapshot, stagedSite } from "./test-support.ts";

describe("a snapshot that was rolled back", () => {
  test("is not promoted again, and the error has the rollback's time, author and reason", async () => {
    const { site, contexts } = await stagedSite();
    const [noble = site.mirror("noble")] = contexts;
    await promoteSnapshots(contexts, {});
    await rollBackOne(noble, { reason: "kernel does not boot" });
    const refusal = expect.objectContaining({
      code: "PROMOTION_REFUSED",
      area: "gate",
      message: "noble: new was rolled back on 2026-05-04 03:02:01 UTC by ada: kernel does not boot",
      hint: expect.stringContaining("--force --reason"),
    });
    await publishSnapshot(site.mirror("jammy"), "old", undefined);
    await expect(promoteSnapshots(contexts, {})).rejects.toThrow(refusal);
    expect(await inProduction(contexts)).toEqual([snapshot("old"), snapshot("old")]);
    expect(await noble.history.list({ mirror: "noble", limit: 1 })).toMatchObject([{ action: "rollback" }]);
  });

  test("is promoted by force, which is logged and recorded", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await promoteSnapshots([noble], {});
    await rollBackOne(noble, { reason: "kernel does not boot" });
    site.events.length = 0;
    await promoteSnapshots([noble], { force: true, reason: "it was the hardware" });
    expect(await inProduction([noble])).toEqual([snapshot("new")]);
    const at = site.now;
    const reason = "kernel does not boot";
    const objection = { kind: "rolled-back", at, by: "ada", reason, as: undefined };
    expect(site.events).toContainEqual({
      mirror: "noble",
      type: "objection-overridden",
      name: "new",
      objection,
    });
    expect(await noble.history.list({ mirror: "noble", limit: 1 })).toMatchObject([
      {
        result: "done",
        reason: "it was the hardware",
        detail: "forced: it was rolled back on 2026-05-04 03:02:01 UTC by ada: kernel does not boot",
      },
    ]);
  });

  test("is not promoted under the name of a later snapshot with the same contents", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await promoteSnapshots([noble], {});
    await rollBackOne(noble, { reason: "kernel does not boot" });
    site.now = new Date(site.now.getTime() + hoursMs(1));
    await createSnapshot(noble, { name: "again", stage: true, force: false });
    await expect(promoteSnapshots([noble], {})).rejects.toThrow(
      "noble: again has the same contents as new, which was rolled back on 2026-05-04 03:02:01 UTC by ada: kernel",
    );
    await promoteSnapshots([noble], { force: true, reason: "it was the hardware" });
    // The contents are in production again, so that there is nothing left to object to.
    await stageSnapshot(noble, "new");
    await promoteSnapshots([noble], {});
    expect(await inProduction([noble])).toEqual([snapshot("new")]);
    await site.addTree("noble", suiteFiles("noble", "2026-05-03T00:00:00Z"));
    await createSnapshot(noble, { name: "other", stage: true, force: false });
    await promoteSnapshots([noble], {});
    expect(await inProduction([noble])).toEqual([snapshot("other")]);
  });

  test.each([
    ["publish", (noble: MirrorContext) => publishSnapshot(noble, "new", undefined)],
    ["rollback --to", (noble: MirrorContext) => rollBackOne(noble, { to: "new" })],
  ])("goes into production by %s with a warning", async (_verb, move) => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await promoteSnapshots([noble], {});
    await rollBackOne(noble, { reason: "kernel does not boot" });
    expect(site.typesOfEvents()).not.toContain("rolled-back-returns");
    await move(noble);
    const warning = {
      type: "rolled-back-returns",
      name: "new",
      as: undefined,
      reason: "kernel does not boot",
    };
    expect(site.events).toContainEqual(expect.objectContaining(warning));
    expect(await inProduction([noble])).toEqual([snapshot("new")]);
  });

  test.each([["by an administrator"], ["by its directory"], ["with its record"]])(
    "is not promoted once it was deleted %s and made again",
    async (how) => {
      const { site } = await stagedSite();
      const noble = site.mirror("noble");
      await promoteSnapshots([noble], {});
      await rollBackOne(noble, { reason: "kernel does not boot" });
      site.now = new Date(site.now.getTime() + hoursMs(1));
      if (how === "by an administrator") await deleteSnapshots(noble, ["new"], { force: true });
      else rmSync(join(noble.layout.snapshots, "new"), { recursive: true });
      if (how === "with its record") rmSync(noble.layout.snapshotMeta, { recursive: true });
      await createSnapshot(noble, { name: "again", stage: true, force: false });
      await expect(promoteSnapshots([noble], {})).rejects.toThrow(
        "noble: again has the same contents as new, which was rolled back on 2026-05-04 03:02:01 UTC by ada: kernel",
      );
      await promoteSnapshots([noble], { force: true, reason: "it was the hardware" });
      expect(await inProduction([noble])).toEqual([snapshot("again")]);
    },
  );

  test("is unknown without a readable history: only force promotes then", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    const unreadable: MirrorContext = {
      ...noble,
      history: {
        ...noble.history,
        list() {
          throw new Error("the history is damaged");
        },
      },
    };
    await expect(promoteSnapshots([unreadable], {})).rejects.toThrow(
      expect.objectContaining({
        code: "PROMOTION_REFUSED",
        message: expect.stringContaining("the history is damaged"),
      }),
    );
    await promoteSnapshots([unreadable], { force: true, reason: "security fix" });
    expect(await inProduction([noble])).toEqual([snapshot("new")]);
  });
});
