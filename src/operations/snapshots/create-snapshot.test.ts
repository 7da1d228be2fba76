import { describe, expect, test } from "vitest";
import { readTree } from "../../../test/support/index.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { openSite } from "../test-support.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { namesOf, plain, second, siteWithTree } from "./test-support.ts";

describe("a snapshot of the working mirror", () => {
  test("is named after the time, and recorded with its signers", async () => {
    const { site, noble } = await siteWithTree();
    const snapshot = await createSnapshot(noble, plain);
    expect(snapshot.name).toBe("2026-05-04T03-02-01Z");
    expect(snapshot.meta.releases[0]?.signedBy).toEqual(["871920D1991BC93C"]);
    expect(await readTree(snapshot.path)).toEqual(await readTree(noble.working.current()?.path ?? ""));
    expect(site.typesOfEvents()).toEqual(["snapshot-creating", "snapshot-created"]);
    expect(await noble.history.list({})).toEqual([
      expect.objectContaining({ mirror: "noble", action: "create", who: "ada", to: snapshot.name }),
    ]);
  });

  test("is staged on request, and production does not move", async () => {
    const { noble } = await siteWithTree();
    await createSnapshot(noble, { name: "one", stage: true, force: false });
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
    expect(await noble.publisher.read("production")).toEqual({ kind: "none" });
  });

  test("cannot be made before the first sync", async () => {
    const site = await openSite();
    await expect(createSnapshot(site.mirror("noble"), plain)).rejects.toMatchObject({
      code: "NOTHING_SYNCED",
      hint: expect.stringContaining("mirrorctl sync noble"),
    });
  });

  test.each(["production", "current", "staging", "working", "-x", "one~replacing"])(
    "is not called %s, which commands read in another way",
    async (name) => {
      const { site, noble } = await siteWithTree();
      await expect(createSnapshot(noble, { name, ...plain })).rejects.toMatchObject({
        code: "SNAPSHOT_NAME_INVALID",
      });
      expect(await namesOf(noble)).toEqual([]);
      expect(site.typesOfEvents()).toEqual([]);
    },
  );

  test("is not made twice of the same sync under the same name", async () => {
    const { site, noble } = await siteWithTree();
    const made = await createSnapshot(noble, { name: "one", ...plain });
    const again = await createSnapshot(noble, { name: "one", stage: true, force: true });
    expect(again).toEqual(made);
    expect(site.typesOfEvents()).toContain("snapshot-already-there");
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "one" });
  });

  test("is staged once: there is no second line in the history", async () => {
    const { site, noble } = await siteWithTree();
    for (let count = 1; count <= 2; count++)
      await createSnapshot(noble, { name: "one", stage: true, force: false });
    await stageSnapshot(noble, "one");
    expect(site.events.at(-1)).toEqual({ mirror: "noble", type: "staging-unchanged", name: "one" });
    expect((await noble.history.list({})).map(({ action }) => action)).toEqual(["stage", "create"]);
  });

  test("does not replace another one of its name without force", async () => {
    const { site, noble } = await siteWithTree();
    const { path } = await createSnapshot(noble, { name: "one", ...plain });
    const before = await readTree(path);
    await site.addTree("noble", second);
    await expect(createSnapshot(noble, { name: "one", ...plain })).rejects.toMatchObject({
      code: "SNAPSHOT_EXISTS",
    });
    expect(await readTree(path)).toEqual(before);
  });

  test("is refused while the mirror is locked", async () => {
    const { noble } = await siteWithTree();
    using _lock = await noble.lockWorkingMirror("sync");
    await expect(createSnapshot(noble, plain)).rejects.toMatchObject({
      code: "LOCK_HELD",
      message: "mirror noble is locked by ada: sync (process 42)",
    });
  });
});
