import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HistoryEntry, HistoryQuery } from "../../history/index.ts";
import type { MirrorContext } from "../context.ts";
import { promoteSnapshots } from "../promotion/promote-snapshots.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import { hoursMs, openSite, rollBackOne, type Site, showBare, suiteFiles } from "../test-support.ts";
import { settleCutOffMove } from "./cut-off-move.ts";
import { nameInProduction } from "./predecessors.ts";
import { publishSnapshot } from "./publish-snapshot.ts";
import { rollBack } from "./roll-back.ts";
import { stageSnapshot } from "./stage-snapshot.ts";

const shown = (contexts: readonly MirrorContext[]): Promise<readonly (string | undefined)[]> =>
  Promise.all(contexts.map(nameInProduction));
const linesOf = (contexts: readonly MirrorContext[], query: HistoryQuery = {}) =>
  Promise.all(contexts.map(({ history, mirror }) => history.list({ ...query, mirror: mirror.id })));
const lastLines = async (contexts: readonly MirrorContext[]) =>
  (await linesOf(contexts, { limit: 1 })).map(([line]) => line);

describe("roll back several mirrors", () => {
  const ids = ["noble", "jammy"] as const;

  /** Both had "a", "b" and "c" in production. */
  async function bothWith() {
    const site = await openSite();
    const contexts = ids.map((id) => site.mirror(id));
    for (const context of contexts)
      for (const [index, name] of ["a", "b", "c"].entries()) {
        const { id } = context.mirror;
        await site.addTree(id, suiteFiles(id, `2026-05-0${index + 1}T00:00:00Z`));
        await createSnapshot(context, { name, stage: false, force: false });
        await publishSnapshot(context, name, undefined);
      }
    site.events.length = 0;
    return { site, contexts, noble: site.mirror("noble"), jammy: site.mirror("jammy") };
  }

  test("goes one step back in each, and the lines have one time", async () => {
    const { contexts } = await bothWith();
    expect((await rollBack(contexts, { reason: "broken" })).map(({ name }) => name)).toEqual(["b", "b"]);
    expect(await shown(contexts)).toEqual(["b", "b"]);
    const line = { action: "rollback", result: "done", from: "c", to: "b", reason: "broken" };
    expect(await lastLines(contexts)).toMatchObject([line, line]);
    expect(new Set((await lastLines(contexts)).map((entry) => entry?.at.getTime())).size).toBe(1);
  });

  test.each<[string, string, (jammy: MirrorContext) => unknown]>([
    ["has no predecessor", "NO_PREDECESSOR", (jammy: MirrorContext) => rollBackOne(jammy, { to: "a" })],
    [
      "has nothing in production",
      "NOTHING_IN_PRODUCTION",
      (jammy: MirrorContext) => jammy.publisher.hide("production"),
    ],
    [
      "has production lead elsewhere",
      "LINK_FOREIGN",
      async (jammy: MirrorContext) => {
        await jammy.publisher.hide("production");
        symlinkSync("/srv/elsewhere", jammy.layout.production);
      },
    ],
    [
      "is locked",
      "LOCK_HELD",
      async (jammy: MirrorContext) => {
        const lock = await jammy.lockSnapshots("snapshot prune");
        onTestFinished(() => lock.release());
      },
    ],
  ])("moves nothing if the last mirror %s", async (_what, code, spoil) => {
    const { contexts, noble, jammy } = await bothWith();
    await spoil(jammy);
    const before = await Promise.all(contexts.map(({ publisher }) => publisher.read("production")));
    const lines = await lastLines([noble]);
    await expect(rollBack(contexts, {})).rejects.toThrow(expect.objectContaining({ code }));
    expect(await Promise.all(contexts.map(({ publisher }) => publisher.read("production")))).toEqual(before);
    expect(await lastLines([noble])).toEqual(lines);
  });

  test("with --to needs a snapshot of that name in each mirror", async () => {
    const { contexts, jammy } = await bothWith();
    await deleteSnapshots(jammy, ["a"], { force: true });
    await expect(rollBack(contexts, { to: "a" })).rejects.toThrow(
      expect.objectContaining({ code: "SNAPSHOT_NOT_FOUND", message: expect.stringContaining("jammy") }),
    );
    expect(await shown(contexts)).toEqual(["c", "c"]);
    expect(await rollBack(contexts, { to: "b" })).toHaveLength(2);
    expect(await shown(contexts)).toEqual(["b", "b"]);
  });

  test("puts all back if the last link cannot be moved", async () => {
    const { contexts, jammy } = await bothWith();
    mkdirSync(join(jammy.layout.root, ".current.next"));
    await expect(rollBack(contexts, {})).rejects.toThrow(".current.next");
    expect(await shown(contexts)).toEqual(["c", "c"]);
    const failed = { action: "rollback", result: "failed", from: "c", to: "b" };
    expect(await lastLines(contexts)).toMatchObject([failed, failed]);
    rmSync(join(jammy.layout.root, ".current.next"), { recursive: true });
    await rollBack(contexts, {});
    expect(await shown(contexts)).toEqual(["b", "b"]);
  });

  /** Leaves what a killed run leaves that had moved some mirrors, and written the end of some. */
  async function cutOff(
    site: Site,
    moved: readonly MirrorContext[],
    ended: readonly MirrorContext[],
  ): Promise<void> {
    const at = site.now;
    const lines = new Map<string, HistoryEntry>();
    for (const id of ids)
      lines.set(id, await site.mirror(id).begin({ at, action: "rollback", from: "c", to: "b" }));
    for (const context of moved) await showBare(context, "production", "b");
    for (const context of ended) {
      const line = lines.get(context.mirror.id);
      if (line !== undefined) await context.end(line, { result: "done", detail: undefined });
    }
    site.now = new Date(site.now.getTime() + hoursMs(1));
  }

  test.each([
    ["before any link moved", [], [], []],
    ["between the links", ["noble"], [], []],
    ["before the first end was written", ["noble", "jammy"], [], []],
    ["between the ends", ["noble", "jammy"], ["noble"], []],
    ["between the links, and a sync of the first has settled it since", ["noble"], [], ["noble"]],
    ["between the links, and a sync of the second has settled it since", ["noble"], [], ["jammy"]],
    ["between the links, and syncs of both have settled it since", ["noble"], [], ["noble", "jammy"]],
  ])(
    "goes one step in all mirrors if it is repeated after a cut-off run: %s",
    async (_when, moved, ended, settled) => {
      const { site, contexts } = await bothWith();
      const of = (names: readonly string[]) => contexts.filter(({ mirror }) => names.includes(mirror.id));
      await cutOff(site, of(moved), of(ended));
      for (const context of of(settled)) await settleCutOffMove(context);
      expect((await rollBack(contexts, {})).map(({ name }) => name)).toEqual(["b", "b"]);
      expect(await shown(contexts)).toEqual(["b", "b"]);
      expect((await linesOf(contexts, { result: "begun" })).flat()).toEqual([]);
      await rollBack(contexts, {});
      expect(await shown(contexts)).toEqual(["a", "a"]);
    },
  );

  test("ends each line that it began if the next mirror cannot begin", async () => {
    const { contexts, noble, jammy } = await bothWith();
    const broken = { ...jammy, begin: () => Promise.reject(new Error("EIO")) };
    await expect(rollBack([noble, broken], {})).rejects.toThrow("EIO");
    expect(await shown(contexts)).toEqual(["c", "c"]);
    expect(await lastLines([noble])).toMatchObject([{ action: "rollback", result: "failed", detail: "EIO" }]);
  });

  test("puts back what a cut-off run had moved if the others cannot follow", async () => {
    const { site, contexts, noble, jammy } = await bothWith();
    await cutOff(site, [noble], []);
    mkdirSync(join(jammy.layout.root, ".current.next"));
    await expect(rollBack(contexts, {})).rejects.toThrow(".current.next");
    expect(await shown(contexts)).toEqual(["c", "c"]);
    const rollbacks = await linesOf(contexts, { actions: ["rollback"] });
    // For noble, the line of the cut-off run; for jammy, that line and the one of this run.
    const failed = expect.objectContaining({ result: "failed" });
    expect(rollbacks).toEqual([[failed], [failed, failed]]);
  });

  test("records for each mirror why it was rolled back", async () => {
    const { contexts } = await bothWith();
    for (const context of contexts) await stageSnapshot(context, "c");
    await rollBack(contexts, { reason: "broken" });
    await expect(promoteSnapshots(contexts, {})).rejects.toThrow(
      expect.objectContaining({
        message: [
          "noble: c was rolled back on 2026-05-04 03:02:01 UTC by ada: broken",
          "jammy: c was rolled back on 2026-05-04 03:02:01 UTC by ada: broken",
        ].join("\n"),
      }),
    );
  });
});
