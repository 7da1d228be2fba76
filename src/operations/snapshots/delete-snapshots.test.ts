import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles } from "../../../test/support/index.ts";
import { readCarried } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { openSite, recordDifferences, suiteFiles } from "../test-support.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshots } from "./delete-snapshots.ts";

/** Snapshots "a" to "d", each of its own sync; "c" is staged and "d" in production. */
async function usedSite(extra = "") {
  const site = await openSite(extra);
  const noble = site.mirror("noble");
  for (const [index, name] of ["a", "b", "c", "d"].entries()) {
    await site.addTree("noble", suiteFiles("noble", `2026-05-0${index + 1}T00:00:00Z`));
    await createSnapshot(noble, { name, stage: false, force: false });
  }
  await stageSnapshot(noble, "c");
  await publishSnapshot(noble, "d", undefined);
  await noble.working.removeOthers();
  site.events.length = 0;
  const names = async (): Promise<readonly string[]> =>
    (await noble.catalog.list()).map(({ name }) => name).toSorted();
  return { site, noble, names };
}

/** Leaves what a run leaves that is killed after it has hidden the snapshot. */
const killedRemoval = ({ layout }: MirrorContext, name: string): void =>
  renameSync(join(layout.snapshots, name), join(layout.snapshots, `.${name}.removed`));

const leftOf = ({ layout }: MirrorContext, name: string): readonly string[] =>
  [join(layout.snapshots, `.${name}.removed`), join(layout.snapshotMeta, `${name}.json`)].filter(existsSync);

describe("after a run that was killed in the middle of a removal", () => {
  test("the same command finishes it", async () => {
    const { noble, names } = await usedSite();
    const objects = await listFiles(noble.layout.objects);
    killedRemoval(noble, "a");
    expect(await deleteSnapshots(noble, ["a"], { force: false })).toMatchObject({ deleted: ["a"] });
    expect(await names()).toEqual(["b", "c", "d"]);
    expect(leftOf(noble, "a")).toEqual([]);
    expect((await listFiles(noble.layout.objects)).length).toBeLessThan(objects.length);
    expect(await noble.history.list({ limit: 1 })).toMatchObject([
      { action: "delete", result: "done", from: "a" },
    ]);
  });

  test("making a snapshot finishes it, and frees its files", async () => {
    const { noble } = await usedSite();
    const objects = await listFiles(noble.layout.objects);
    killedRemoval(noble, "a");
    await createSnapshot(noble, { name: "d", stage: false, force: true }); // which is there
    expect(leftOf(noble, "a")).toEqual([]);
    expect((await listFiles(noble.layout.objects)).length).toBeLessThan(objects.length);
  });
});

describe("delete", () => {
  test("continues after each failure, and reports each error", async () => {
    const { site, noble, names } = await usedSite();
    const outcome = await deleteSnapshots(noble, ["typo", "a", "c", "d", "b", "a"], { force: false });
    expect(outcome.deleted).toEqual(["a", "b"]);
    expect(await names()).toEqual(["c", "d"]);
    expect([...outcome.failures.keys()]).toEqual(["typo", "c", "d"]);
    expect(outcome.failures.get("typo")).toMatchObject({ code: "SNAPSHOT_NOT_FOUND" });
    expect(outcome.failures.get("c")).toMatchObject({ code: "SNAPSHOT_IN_USE", message: /is staged$/ });
    expect(outcome.failures.get("d")).toMatchObject({
      code: "SNAPSHOT_IN_USE",
      message: /is in production$/,
    });
    expect(site.typesOfEvents()).toEqual([
      "snapshot-delete-failed",
      "snapshot-deleted",
      "snapshot-delete-failed",
      "snapshot-delete-failed",
      "snapshot-deleted",
      "space-freed",
    ]);
    expect(
      (await noble.history.list({ limit: 5 })).map(({ action, result }) => `${action} ${result}`),
    ).toEqual(["delete done", "delete failed", "delete failed", "delete done", "delete failed"]);
    expect(await noble.publisher.read("staging")).toEqual({ kind: "snapshot", name: "c" });
    expect(await noble.publisher.read("production")).toEqual({ kind: "snapshot", name: "d" });
  });

  test("with force removes the links first, and says so", async () => {
    const { site, noble, names } = await usedSite();
    const outcome = await deleteSnapshots(noble, ["c", "d"], { force: true });
    expect(outcome).toEqual({ deleted: ["c", "d"], failures: new Map() });
    expect(await names()).toEqual(["a", "b"]);
    expect(await listFiles(noble.layout.root)).not.toContain("staging");
    expect(await listFiles(noble.layout.root)).not.toContain("current");
    expect(site.events.filter(({ type }) => type === "link-removed")).toEqual([
      { mirror: "noble", type: "link-removed", link: "staging", name: "c" },
      { mirror: "noble", type: "link-removed", link: "production", name: "d" },
    ]);
    const lines = (await noble.history.list({ limit: 4 })).map(({ action, from, details }) => [
      action,
      from,
      details,
    ]);
    expect(lines.toReversed()).toEqual([
      ["unlink", "c", { kind: "unlinked", link: "staging" }],
      ["delete", "c", undefined],
      ["unlink", "d", { kind: "unlinked", link: "production" }],
      ["delete", "d", undefined],
    ]);
  });

  test("refuses a snapshot that a link of somebody else shows, even with force", async () => {
    const { noble, names } = await usedSite();
    const link = join(noble.layout.root, "legacy");
    symlinkSync(join(noble.layout.snapshots, "d"), link);
    symlinkSync(join(noble.layout.snapshots, "a/dists"), join(noble.layout.root, "lists"));
    const { deleted, failures } = await deleteSnapshots(noble, ["a", "d"], { force: true });
    expect(deleted).toEqual([]);
    expect(failures.get("a")).toMatchObject({ code: "SNAPSHOT_IN_USE", message: /is linked as lists$/ });
    expect(failures.get("d")).toMatchObject({
      message: /is in production and linked as legacy$/,
      hint: expect.stringContaining(noble.layout.root),
    });
    expect(await names()).toEqual(["a", "b", "c", "d"]);
    expect(await noble.publisher.read("production")).toEqual({ kind: "snapshot", name: "d" });
    expect(readlinkSync(link)).toBe(join(noble.layout.snapshots, "d"));
  });

  test("deletes by name what mirrorctl is not known to have made", async () => {
    const { noble, names } = await usedSite();
    rmSync(join(noble.layout.snapshotMeta, "a.json"));
    expect(await deleteSnapshots(noble, ["a"], { force: false })).toMatchObject({ deleted: ["a"] });
    expect(await names()).toEqual(["b", "c", "d"]);
  });

  test("frees the objects that no tree of any mirror holds", async () => {
    const { site, noble } = await usedSite();
    const shared = suiteFiles("noble", "2026-05-01T00:00:00Z");
    await site.addTree("jammy", {
      "pool/shared.deb": shared["pool/main/t/tool/tool_2026-05-01T00:00:00Z_amd64.deb"] ?? "",
    });
    const before = (await listFiles(noble.layout.objects)).length;
    await deleteSnapshots(noble, ["a", "b"], { force: false });
    // Release and package of b, Release of a: its package is in jammy too, the signature in all trees.
    expect((await listFiles(noble.layout.objects)).length).toBe(before - 3);
    expect(existsSync(join(noble.layout.dir, "jammy/pool/shared.deb"))).toBe(true);
  });
});

/** Deletes, and returns which objects it looked at in each sweep, and what was left then of the trees. */
async function deleteAndWatch(noble: MirrorContext, names: readonly string[]) {
  const sweeps: { readonly some: number | "all"; readonly left: readonly string[] }[] = [];
  const sweep: MirrorContext["sweep"] = (some) => {
    const { snapshots } = noble.layout;
    const hidden = readdirSync(snapshots).filter((name) => name.endsWith(".removed"));
    const left = hidden.map((name) => `${name}: ${readdirSync(join(snapshots, name)).length} left`);
    const asked = some === undefined ? undefined : [...some];
    sweeps.push({ some: asked?.length ?? "all", left });
    return noble.sweep(asked);
  };
  const { deleted } = await deleteSnapshots({ ...noble, sweep }, names, { force: true });
  expect(deleted).toEqual(names);
  expect(await noble.sweep()).toEqual({ objects: 0, freedBytes: 0 });
  return sweeps;
}

describe("the objects that a deletion looks at", () => {
  test("are those that syncs have recorded, while a killed run is still seen", async () => {
    const { noble, site } = await usedSite();
    await recordDifferences(noble);
    // Until the next tree there are a Release and a package in each step.
    expect(await deleteAndWatch(noble, ["b", "a"])).toEqual([
      { some: 2, left: [".b.removed: 0 left"] },
      { some: 4, left: [".a.removed: 0 left"] },
    ]);
    expect(site.events.filter(({ type }) => type === "space-freed")).toMatchObject([{ objects: 4 }]);
    expect(readdirSync(noble.layout.snapshots).filter((name) => name.endsWith(".removed"))).toEqual([]);
  });

  test("are all if a sync has not recorded them, or if the snapshot carries files", async () => {
    const { noble } = await usedSite();
    await recordDifferences(noble);
    const generation = (await noble.catalog.require("a")).meta.generation ?? "";
    const record = join(noble.layout.differences, `${generation}.json`);
    const { goneObjects: _, ...known } = JSON.parse(readFileSync(record, "utf8")) as { goneObjects: unknown };
    writeFileSync(record, JSON.stringify(known));
    expect(await deleteAndWatch(noble, ["a"])).toEqual([{ some: "all", left: [] }]);
    await publishSnapshot(noble, "b", undefined);
    await publishSnapshot(noble, "c", undefined);
    await publishSnapshot(noble, "d", undefined);
    expect(readCarried(join(noble.layout.snapshots, "c")).size).toBeGreaterThan(0);
    expect(await deleteAndWatch(noble, ["c"])).toEqual([{ some: "all", left: [] }]);
  });

  test("are all, before a run ends that is stopped between two snapshots", async () => {
    const { noble } = await usedSite();
    const stop = new AbortController();
    const emit: MirrorContext["emit"] = (event) => {
      if (event.type === "snapshot-deleted") stop.abort(new Error("stopped"));
    };
    const stopped = deleteSnapshots({ ...noble, emit, signal: stop.signal }, ["a", "b"], { force: true });
    await expect(stopped).rejects.toThrow("stopped");
    expect(await noble.catalog.find("b")).toBeDefined();
    expect(await noble.sweep()).toEqual({ objects: 0, freedBytes: 0 });
  });

  test("are all if a sync gives files up meanwhile that were in the snapshot too", async () => {
    const { site, noble } = await usedSite();
    const { catalog, working } = noble;
    const former = working.current()?.path ?? "";
    const remove: typeof catalog.remove = async (...args) => {
      await site.addTree("noble", suiteFiles("noble", "2026-05-05T00:00:00Z"));
      rmSync(working.takeForSpare(former)?.path ?? "", { recursive: true });
      await catalog.remove(...args);
    };
    const deletion = { ...noble, catalog: { ...catalog, remove } };
    expect(await deleteAndWatch(deletion, ["d"])).toEqual([{ some: "all", left: [] }]);
  });

  test("are all after a run that was killed", async () => {
    const { noble } = await usedSite();
    await recordDifferences(noble);
    killedRemoval(noble, "a");
    expect(await deleteAndWatch(noble, ["b"])).toContainEqual({ some: "all", left: [] });
  });
});

/** "a", "b" and "c" were in production, "d" is. "c" is no longer staged. */
async function formerSite(extra = "") {
  const { site, noble, names } = await usedSite(extra);
  for (const name of ["a", "b", "c", "d"]) await publishSnapshot(noble, name, undefined);
  await stageSnapshot(noble, "d");
  return { site, noble, names };
}

describe("delete of what a rollback would go back to", () => {
  test("is refused with a hint, and done by force, which is recorded", async () => {
    const { noble, names } = await formerSite();
    const { deleted, failures } = await deleteSnapshots(noble, ["a", "c"], { force: false });
    expect(deleted).toEqual(["a"]);
    expect(failures.get("c")).toMatchObject({
      code: "SNAPSHOT_IN_USE",
      message: "snapshot c of noble is what a rollback would go back to",
      hint: expect.stringContaining("--force"),
    });
    expect(await names()).toEqual(["b", "c", "d"]);
    await deleteSnapshots(noble, ["c"], { force: true });
    expect(await names()).toEqual(["b", "d"]);
    expect(await noble.history.list({ limit: 1 })).toMatchObject([
      { action: "delete", from: "c", detail: "forced: a rollback would have gone back to it" },
    ]);
    expect((await deleteSnapshots(noble, ["b"], { force: false })).failures.size).toBe(1);
  });

  test("is refused for as many as keep_rollbacks says", async () => {
    const { noble } = await formerSite("[mirrors.noble.snapshot.prune]\nkeep_rollbacks = 2");
    const { deleted, failures } = await deleteSnapshots(noble, ["c", "b", "a"], { force: false });
    expect(deleted).toEqual(["a"]);
    expect([...failures.keys()]).toEqual(["c", "b"]);
  });

  test("is done if keep_rollbacks keeps none", async () => {
    const { noble } = await formerSite("[mirrors.noble.snapshot.prune]\nkeep_rollbacks = 0");
    expect((await deleteSnapshots(noble, ["c"], { force: false })).deleted).toEqual(["c"]);
  });

  test("needs force without a readable history", async () => {
    const { noble } = await formerSite();
    writeFileSync(noble.layout.history, "x".repeat(4096));
    const { failures } = await deleteSnapshots(noble, ["a"], { force: false });
    expect(failures.get("a")).toMatchObject({
      code: "SNAPSHOT_IN_USE",
      message: expect.stringContaining("the history cannot be read"),
    });
    expect((await deleteSnapshots(noble, ["a"], { force: true })).deleted).toEqual(["a"]);
  });
});
