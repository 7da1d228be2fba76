import { expect, test } from "vitest";
import type { MirrorContext } from "../context.ts";
import { createSnapshot, deleteSnapshots } from "../snapshots/index.ts";
import { openSite, rollBackOne, type Site, showBare, suiteFiles } from "../test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";
import { stageSnapshot } from "./stage-snapshot.ts";

const dayOf = { old: "2026-05-01T00:00:00Z", new: "2026-05-02T00:00:00Z" };

/** The snapshot "old" in production, "new" in staging. */
async function stagedSite(): Promise<{ site: Site; noble: MirrorContext }> {
  const site = await openSite();
  const noble = site.mirror("noble");
  for (const [name, day] of Object.entries(dayOf)) {
    await site.addTree("noble", suiteFiles("noble", day));
    await createSnapshot(noble, { name, stage: true, force: false });
  }
  await showBare(noble, "production", "old");
  return { site, noble };
}

/** The same mirror, of which `change` happens between the tests of a promotion and its second lock. */
function changedDuringTests(noble: MirrorContext, change: () => Promise<unknown>): MirrorContext {
  let locks = 0;
  return {
    ...noble,
    async lockSnapshots(verb) {
      if (++locks === 2) await change();
      return noble.lockSnapshots(verb);
    },
  };
}

const production = (noble: MirrorContext) => noble.publisher.read("production");

test.each<[string, string, (noble: MirrorContext, site: Site) => Promise<unknown>]>([
  [
    "staging shows another snapshot",
    "staging of noble changed from new to old while new was tested",
    (noble) => stageSnapshot(noble, "old"),
  ],
  [
    "staging shows nothing",
    "staging of noble changed from new to nothing while new was tested",
    (noble) => noble.publisher.hide("staging"),
  ],
  [
    "the snapshot was replaced",
    "snapshot new of noble was replaced while it was tested",
    async (noble, site) => {
      await site.addTree("noble", suiteFiles("noble", "2026-05-03T00:00:00Z"));
      await createSnapshot(noble, { name: "new", stage: true, force: true });
    },
  ],
])("moves nothing if %s after the tests", async (_case, message, change) => {
  const { site, noble } = await stagedSite();
  const promotion = promoteSnapshots([changedDuringTests(noble, () => change(noble, site))], {});
  await expect(promotion).rejects.toThrow(
    expect.objectContaining({ code: "STAGED_CHANGED", area: "gate", message }),
  );
  expect(await production(noble)).toEqual({ kind: "snapshot", name: "old" });
});

test("promotes a named snapshot although staging changed, unless it was deleted", async () => {
  const { noble } = await stagedSite();
  const restaged = changedDuringTests(noble, () => stageSnapshot(noble, "old"));
  await promoteSnapshots([restaged], { snapshot: "new" });
  expect(await production(noble)).toEqual({ kind: "snapshot", name: "new" });
  await showBare(noble, "production", "old");
  const deleted = changedDuringTests(noble, () => deleteSnapshots(noble, ["new"], { force: true }));
  await expect(promoteSnapshots([deleted], { snapshot: "new" })).rejects.toThrow(
    "snapshot new of noble was deleted while it was tested",
  );
});

test("refuses a snapshot that was rolled back after the tests", async () => {
  const { noble } = await stagedSite();
  const changed = changedDuringTests(noble, async () => {
    await promoteSnapshots([noble], {});
    await rollBackOne(noble, { reason: "kernel does not boot" });
  });
  await expect(promoteSnapshots([changed], {})).rejects.toThrow(
    expect.objectContaining({ code: "PROMOTION_REFUSED" }),
  );
  expect(await production(noble)).toEqual({ kind: "snapshot", name: "old" });
});

test("holds no lock while it tests", async () => {
  const { noble } = await stagedSite();
  let held = 0;
  const heldWhenRead: number[] = [];
  const watched: MirrorContext = {
    ...noble,
    async lockSnapshots(verb) {
      const lock = await noble.lockSnapshots(verb);
      held++;
      const release = () => {
        held--;
        lock.release();
      };
      return { release, [Symbol.dispose]: release };
    },
    history: {
      ...noble.history,
      list(filter) {
        if (filter.result === undefined) heldWhenRead.push(held); // for objections, not for a move that was cut off
        return noble.history.list(filter);
      },
    },
  };
  await promoteSnapshots([watched], {});
  expect(heldWhenRead[0]).toBe(0);
  expect(held).toBe(0);
});
