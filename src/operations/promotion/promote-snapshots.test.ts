import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles } from "../../../test/support/index.ts";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import {
  followWorking,
  hoursMs,
  openSite,
  rollBackOne,
  type Site,
  showBare,
  suiteFiles,
} from "../test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";

const ids = ["noble", "jammy"] as const;

/** Two mirrors with "old" in production and "new" in staging. */
async function stagedSite(): Promise<{ site: Site; contexts: readonly MirrorContext[] }> {
  const site = await openSite();
  const contexts = ids.map((id) => site.mirror(id));
  for (const context of contexts) {
    const { id } = context.mirror;
    await site.addTree(id, suiteFiles(id, "2026-05-01T00:00:00Z"));
    await createSnapshot(context, { name: "old", stage: false, force: false });
    await publishSnapshot(context, "old", undefined);
    await site.addTree(id, suiteFiles(id, "2026-05-02T00:00:00Z"));
    await createSnapshot(context, { name: "new", stage: true, force: false });
  }
  site.events.length = 0;
  return { site, contexts };
}

const inProduction = (contexts: readonly MirrorContext[]): Promise<readonly unknown[]> =>
  Promise.all(contexts.map(({ publisher }) => publisher.read("production")));
const snapshot = (name: string): object => ({ kind: "snapshot", name });

/** Returns the events, without those of tests and comparisons. */
const eventsOfMoves = (site: Site) =>
  site.events.filter(({ type }) => !/^(?:test|gate|reading)-|-changes$/.test(type));

const typesOfMoves = (site: Site): readonly string[] => eventsOfMoves(site).map(({ type }) => type);

/** The next move of this link fails: its temporary name is taken by a directory. */
function breakLink(link: string): void {
  mkdirSync(join(link, "..", ".current.next"), { recursive: true });
}

describe("promote", () => {
  test("shows the staged snapshot of each mirror, and records it in the history", async () => {
    const { site, contexts } = await stagedSite();
    const promoted = await promoteSnapshots(contexts, { reason: "tested by hand" });
    expect(promoted.map((one) => one.snapshot.name)).toEqual(["new", "new"]);
    expect(await inProduction(contexts)).toEqual([snapshot("new"), snapshot("new")]);
    expect(await Promise.all(contexts.map(({ publisher }) => publisher.read("staging")))).toEqual([
      snapshot("new"),
      snapshot("new"),
    ]);
    expect(typesOfMoves(site).filter((type) => type !== "files-carried")).toEqual([
      "promotion-planned",
      "promotion-planned",
      "promotion-started",
      "production-updated",
      "promotion-started",
      "production-updated",
    ]);
    for (const { history, mirror } of contexts)
      expect((await history.list({ mirror: mirror.id, limit: 1 }))[0]).toMatchObject({
        action: "promote",
        from: "old",
        to: "new",
        reason: "tested by hand",
        result: "done",
      });
  });

  test.each([
    ["has nothing staged", ({ publisher }: MirrorContext) => publisher.hide("staging"), "NOTHING_STAGED"],
    [
      "has staging lead elsewhere",
      async ({ publisher, layout }: MirrorContext) => {
        await publisher.hide("staging");
        symlinkSync("/srv/elsewhere", layout.staging);
      },
      "NOTHING_STAGED",
    ],
    [
      "has a staged snapshot that is gone",
      ({ layout }: MirrorContext) => rmSync(join(layout.snapshots, "new"), { recursive: true }),
      "SNAPSHOT_NOT_FOUND",
    ],
  ])("moves nothing if the last mirror %s", async (_what, spoil, code) => {
    const { site, contexts } = await stagedSite();
    spoil(site.mirror("jammy"));
    await expect(promoteSnapshots(contexts, {})).rejects.toThrow(expect.objectContaining({ code }));
    expect(await inProduction(contexts)).toEqual([snapshot("old"), snapshot("old")]);
    expect(site.events).toEqual([]);
  });

  test("moves nothing while one mirror is locked, and frees the other locks", async () => {
    const { site, contexts } = await stagedSite();
    {
      using _lock = await site.mirror("jammy").lockSnapshots("snapshot prune");
      await expect(promoteSnapshots(contexts, {})).rejects.toThrow(
        expect.objectContaining({ code: "LOCK_HELD" }),
      );
    }
    expect(await inProduction(contexts)).toEqual([snapshot("old"), snapshot("old")]);
    expect(await promoteSnapshots(contexts, {})).toHaveLength(2);
  });

  test("moves all back if the last link cannot be moved", async () => {
    const { site, contexts } = await stagedSite();
    breakLink(site.mirror("jammy").layout.production);
    await expect(promoteSnapshots(contexts, { reason: "tested by hand" })).rejects.toThrow(".current.next");
    expect(await inProduction(contexts)).toEqual([snapshot("old"), snapshot("old")]);
    expect(site.events).toContainEqual({ mirror: "noble", type: "production-restored", action: "promote" });
    // No line says that production was ever moved.
    for (const { history, mirror } of contexts)
      expect(await history.list({ mirror: mirror.id, limit: 2 })).toMatchObject([
        {
          action: "promote",
          result: "failed",
          from: "old",
          to: "new",
          reason: "tested by hand",
          detail: expect.stringContaining(".current.next"),
        },
        { action: "test" },
      ]);
  });

  test("keeps files of the tree that was shown until the move back", async () => {
    const { site, contexts } = await stagedSite();
    const { production } = site.mirror("noble").layout;
    const shown = await listFiles(site.mirror("noble").layout.staging);
    breakLink(site.mirror("jammy").layout.production);
    await expect(promoteSnapshots(contexts, {})).rejects.toThrow(".current.next");
    expect((await inProduction(contexts))[0]).toEqual(snapshot("old"));
    expect(await listFiles(production)).toEqual(expect.arrayContaining(shown));
  });

  test("puts the others back if one cannot be, and fails with the first error", async () => {
    const { site, contexts } = await stagedSite();
    const [noble = site.mirror("noble"), jammy = site.mirror("jammy")] = contexts;
    let moves = 0;
    const failing: MirrorContext = {
      ...jammy,
      publisher: {
        ...jammy.publisher,
        prepare: async (...request) => {
          const publication = await jammy.publisher.prepare(...request);
          return {
            ...publication,
            // First as if the directory cannot be flushed after the rename, then as if nothing works.
            async commit() {
              if (++moves === 1) await publication.commit();
              throw new Error(moves === 1 ? "the first failure" : "the second failure");
            },
          };
        },
      },
    };
    await expect(promoteSnapshots([noble, failing], {})).rejects.toThrow("the first failure");
    expect(await inProduction(contexts)).toEqual([snapshot("old"), snapshot("new")]);
    expect(site.events).toContainEqual({
      mirror: "jammy",
      type: "production-not-restored",
      name: "new",
      reason: "the second failure",
    });
    expect(await jammy.history.list({ mirror: "jammy", limit: 1 })).toMatchObject([
      { result: "failed", detail: expect.stringMatching(/^the first failure; .*: the second failure$/) },
    ]);
    expect((await rollBackOne(jammy)).name).toBe("old");
  });

  test.each(["working-mirror", "none"] as const)(
    "moves production back to where it was: %s",
    async (kind) => {
      const { site, contexts } = await stagedSite();
      const noble = site.mirror("noble");
      await noble.publisher.hide("production");
      if (kind === "working-mirror") await followWorking(noble, "production");
      breakLink(site.mirror("jammy").layout.production);
      await expect(promoteSnapshots(contexts, {})).rejects.toThrow(".current.next");
      expect(await inProduction(contexts)).toEqual([{ kind }, snapshot("old")]);
    },
  );

  test.each([
    ["a link that somebody else made", "LINK_FOREIGN", (path: string) => symlinkSync("/srv/elsewhere", path)],
    ["a directory", "NAME_TAKEN", (path: string) => mkdirSync(path)],
  ])("moves nothing if production of the last mirror is %s", async (_what, code, make) => {
    const { site, contexts } = await stagedSite();
    const jammy = site.mirror("jammy");
    await jammy.publisher.hide("production");
    make(jammy.layout.production);
    const before = await inProduction(contexts);
    await expect(promoteSnapshots(contexts, {})).rejects.toThrow(expect.objectContaining({ code }));
    expect(await inProduction(contexts)).toEqual(before);
    expect(before[0]).toEqual(snapshot("old"));
    expect(site.events).toEqual([]);
  });
});

describe("a promotion warns", () => {
  test("of a Release that is older than the one in production", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await promoteSnapshots([noble], {});
    await publishSnapshot(noble, "old", undefined);
    expect(site.events).toContainEqual({
      mirror: "noble",
      type: "release-goes-back",
      name: "old",
      suites: ["noble"],
    });
  });

  test.each([
    ["2026-05-05T03:02:01Z", [hoursMs(24)]],
    ["2026-05-04T03:02:00Z", [-1_000]],
    ["2026-05-30T00:00:00Z", []],
  ])("of a Release that is valid until %s: %j", async (validUntil, expected) => {
    const site = await openSite();
    const noble = site.mirror("noble");
    await site.addTree("noble", suiteFiles("noble", "2026-05-01T00:00:00Z", validUntil));
    await createSnapshot(noble, { name: "one", stage: true, force: false });
    await promoteSnapshots([noble], {});
    const expiries = site.events.flatMap((event) => (event.type === "release-expires" ? [event.leftMs] : []));
    expect(expiries).toEqual(expected);
  });
});

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

describe("promote announces the move", () => {
  test("with the time and author of the staging, before the first link moves", async () => {
    const { site, contexts } = await stagedSite();
    const staged = { at: site.now, by: "ada" };
    site.now = new Date(site.now.getTime() + hoursMs(1));
    await promoteSnapshots(contexts, {});
    const planned = { type: "promotion-planned", name: "new", staged, isStaged: true };
    expect(eventsOfMoves(site).slice(0, 2)).toEqual(ids.map((mirror) => ({ mirror, ...planned })));
  });

  test("and that an older snapshot was published in its place before", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await promoteSnapshots([noble], {});
    await publishSnapshot(noble, "old", "kernel does not boot");
    await promoteSnapshots([noble], {});
    expect(await inProduction([noble])).toEqual([snapshot("new")]);
    const deed = { at: site.now, by: "ada", reason: "kernel does not boot" };
    expect(site.events).toContainEqual({
      mirror: "noble",
      type: "replaced-snapshot-returns",
      name: "new",
      as: "new",
      older: "old",
      ...deed,
    });
  });
});

describe("promote of the snapshot in production", () => {
  test("says so, and records and carries nothing", async () => {
    const { site, contexts } = await stagedSite();
    await promoteSnapshots(contexts, {});
    site.events.length = 0;
    const [noble = site.mirror("noble")] = contexts;
    const lines = await noble.history.list({});
    expect((await promoteSnapshots(contexts, { reason: "again" })).map((one) => one.snapshot.name)).toEqual([
      "new",
      "new",
    ]);
    expect(site.events).toEqual(ids.map((mirror) => ({ mirror, type: "production-unchanged", name: "new" })));
    expect(await noble.history.list({})).toEqual(lines);
  });

  test("continues with the other mirrors", async () => {
    const { site, contexts } = await stagedSite();
    await promoteSnapshots([site.mirror("noble")], {});
    site.now = new Date(site.now.getTime() + hoursMs(1));
    await promoteSnapshots(contexts, {});
    expect(await inProduction(contexts)).toEqual([snapshot("new"), snapshot("new")]);
    const lines = await Promise.all(
      contexts.map(({ history }) => history.list({ actions: ["promote"], limit: 2 })),
    );
    const times = contexts.map(
      ({ mirror: { id } }, index) => lines[index]?.find(({ mirror }) => mirror === id)?.at,
    );
    expect(times).toEqual([new Date(site.now.getTime() - hoursMs(1)), site.now]);
  });

  test("ends the line of a run that was cut off after production had moved", async () => {
    const { site, contexts } = await stagedSite();
    const [noble = site.mirror("noble")] = contexts;
    await noble.begin({ action: "promote", from: "old", to: "new", reason: "tested" });
    await showBare(noble, "production", "new");
    await promoteSnapshots([noble], {});
    expect(await noble.history.list({ mirror: "noble", limit: 1 })).toMatchObject([
      { action: "promote", result: "done", reason: "tested" },
    ]);
    expect((await rollBackOne(noble)).name).toBe("old");
  });

  test("promotes again if the link was moved back by hand", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await promoteSnapshots([noble], {});
    await showBare(noble, "production", "old");
    await promoteSnapshots([noble], {});
    expect(await inProduction([noble])).toEqual([snapshot("new")]);
  });
});

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
