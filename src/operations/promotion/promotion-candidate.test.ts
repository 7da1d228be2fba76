import { expect, test } from "vitest";
import type { GateResult, SnapshotTest } from "../../gates/index.ts";
import type { MirrorContext } from "../context.ts";
import type { testSnapshot } from "../gates/index.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { createSnapshot, deleteSnapshots } from "../snapshots/index.ts";
import { openSite, rollBackOne, type Site, showBare, suiteFiles } from "../test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";

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
      if (verb === "snapshot promote" && ++locks === 2) await change();
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
  const heldInTest: number[] = [];
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
  const counted: typeof testSnapshot = async (_ports, { name }) => {
    expect(name).toBe("new");
    heldInTest.push(held);
    return testOf([]);
  };
  await promoteSnapshots([watched], {}, counted);
  expect(heldInTest).toEqual([0]); // once
  expect(heldWhenRead[0]).toBe(0);
  expect(heldWhenRead).toContain(1); // the history is asked again
  expect(held).toBe(0);
});

const testOf = (results: readonly GateResult[]): SnapshotTest => ({
  mirror: "noble",
  snapshot: "new",
  verdict: "passed",
  results,
});
const never: typeof testSnapshot = () => Promise.reject(new Error("tested"));
const failing: typeof testSnapshot = async () => {
  const verdict = {
    kind: "failed",
    details: [{ kind: "problem", reason: "it does not boot" }],
    more: 0,
  } as const;
  return testOf([{ criterion: { gate: "complete" }, verdict, seconds: 1, at: new Date() }]);
};

test("refuses a snapshot that fails a test, unless it is forced", async () => {
  const { noble, site } = await stagedSite();
  await expect(promoteSnapshots([noble], {}, failing)).rejects.toThrow("it does not boot");
  expect(await production(noble)).toEqual({ kind: "snapshot", name: "old" });
  await promoteSnapshots([noble], { force: true, reason: "urgent" }, failing);
  expect(await production(noble)).toEqual({ kind: "snapshot", name: "new" });
  expect(site.events.filter(({ type }) => type === "objection-overridden")).toHaveLength(1);
});

test("tests nothing that is refused for its history or is in production already", async () => {
  const { noble } = await stagedSite();
  await promoteSnapshots([noble], {});
  await promoteSnapshots([noble], {}, never);
  await rollBackOne(noble);
  await expect(promoteSnapshots([noble], {}, never)).rejects.toThrow("rolled back");
});

test("moves nothing if production has left a snapshot that was not tested for it", async () => {
  const { noble } = await stagedSite();
  await promoteSnapshots([noble], {});
  const changed = changedDuringTests(noble, () => publishSnapshot(noble, "old", undefined));
  await expect(promoteSnapshots([changed], {}, failing)).rejects.toThrow(
    "production of noble moved to old while new was tested",
  );
  expect(await production(noble)).toEqual({ kind: "snapshot", name: "old" });
});
