import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { hoursMs, openSite, type Site, suiteFiles } from "../test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";
import { eventsOfMoves, ids, inProduction, snapshot, stagedSite } from "./test-support.ts";

const typesOfMoves = (site: Site): readonly string[] => eventsOfMoves(site).map(({ type }) => type);

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
