import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { keepReasonText } from "../../report/words/retention.ts";
import type { MirrorContext } from "../context.ts";
import { hoursMs, openSite, type Site, suiteFiles } from "../test-support.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshots } from "./delete-snapshots.ts";
import { listSnapshots } from "./list-snapshots.ts";
import { pinSnapshot, unpinSnapshot } from "./pin-snapshot.ts";
import { pruneSnapshots } from "./prune-snapshots.ts";

/** The snapshots "one" and "two" of different trees. */
async function openTwo(): Promise<{ readonly site: Site; readonly noble: MirrorContext }> {
  const site = await openSite();
  const noble = site.mirror("noble");
  for (const [index, name] of ["one", "two"].entries()) {
    await site.addTree("noble", suiteFiles("noble", `2026-05-0${index + 1}T00:00:00Z`));
    await createSnapshot(noble, { name, stage: false, force: false });
    site.now = new Date(site.now.getTime() + hoursMs(1));
  }
  site.events.length = 0;
  return { site, noble };
}

const pinsIn = async (noble: MirrorContext) =>
  Object.fromEntries((await listSnapshots([noble], { detailed: false })).map(({ name, pin }) => [name, pin]));
const names = async ({ catalog }: MirrorContext) => (await catalog.list()).map(({ name }) => name);
const pruneAll = (noble: MirrorContext) => pruneSnapshots(noble, { keepLast: 0, dryRun: false });
const pinFile = ({ layout }: MirrorContext, name: string): string => join(layout.pins, `${name}.json`);

describe("a pinned snapshot", () => {
  test("is kept by prune, which says why, until it is unpinned", async () => {
    const { noble } = await openTwo();
    await pinSnapshot(noble, "one", "for the audit");
    const decisions = await pruneAll(noble);
    expect(decisions.map(({ keptBecause }) => keptBecause.map(keepReasonText))).toEqual([
      [],
      ["pinned: for the audit"],
    ]);
    expect(await names(noble)).toEqual(["one"]);
    await unpinSnapshot(noble, "one");
    await pruneAll(noble);
    expect(await names(noble)).toEqual([]);
    expect(existsSync(pinFile(noble, "one"))).toBe(false);
  });

  test("is listed with its note, who pinned it and when", async () => {
    const { site, noble } = await openTwo();
    await pinSnapshot(noble, "one", "for the audit");
    expect(await pinsIn(noble)).toEqual({
      one: { at: site.now, by: "ada", note: "for the audit" },
      two: undefined,
    });
  });

  test("is in the history with its note, and so is the end of the pin", async () => {
    const { site, noble } = await openTwo();
    await pinSnapshot(noble, "one", "for the audit");
    await unpinSnapshot(noble, "one");
    expect(await noble.history.list({ actions: ["pin", "unpin"] })).toEqual([
      expect.objectContaining({ action: "unpin", to: "one", who: "ada", result: "done" }),
      expect.objectContaining({ action: "pin", to: "one", who: "ada", reason: "for the audit" }),
    ]);
    expect(site.typesOfEvents()).toEqual(["snapshot-pinned", "snapshot-unpinned"]);
  });

  test("gets another note, and keeps its note if none is given", async () => {
    const { site, noble } = await openTwo();
    await pinSnapshot(noble, "one", "for the audit");
    expect((await pinSnapshot(noble, "one", undefined)).note).toBe("for the audit");
    expect(site.typesOfEvents().at(-1)).toBe("snapshot-pinned-already");
    await pinSnapshot(noble, "one", "for the second audit");
    expect((await pinsIn(noble))["one"]?.note).toBe("for the second audit");
    expect(await noble.history.list({ actions: ["pin"] })).toHaveLength(2);
  });

  test("is deleted by force only, and the history says so", async () => {
    const { noble } = await openTwo();
    await pinSnapshot(noble, "one", "for the audit");
    const { failures } = await deleteSnapshots(noble, ["one"], { force: false });
    expect(failures.get("one")).toMatchObject({
      code: "SNAPSHOT_IN_USE",
      message: "snapshot one of noble is pinned: for the audit",
      hint: "Unpin it first: mirrorctl snapshot unpin noble one\nOr delete it with --force.",
    });
    await deleteSnapshots(noble, ["one"], { force: true });
    expect(await names(noble)).toEqual(["two"]);
    expect((await noble.history.list({ limit: 1 }))[0]).toMatchObject({
      action: "delete",
      detail: "forced: it was pinned: for the audit",
    });
    expect(existsSync(pinFile(noble, "one"))).toBe(false);
  });

  test("is not replaced by another one of its name", async () => {
    const { noble } = await openTwo();
    await pinSnapshot(noble, "one", undefined);
    await expect(createSnapshot(noble, { name: "one", stage: false, force: true })).rejects.toMatchObject({
      code: "SNAPSHOT_IN_USE",
      message: "snapshot one of noble is pinned",
      hint: expect.stringContaining("mirrorctl snapshot unpin noble one"),
    });
  });

  test("stays pinned if its record and the history are lost, or its pin cannot be read", async () => {
    const { noble } = await openTwo();
    await pinSnapshot(noble, "one", "for the audit");
    rmSync(noble.layout.snapshotMeta, { recursive: true });
    rmSync(noble.layout.history);
    expect((await pinsIn(noble))["one"]).toMatchObject({ by: "ada", note: "for the audit" });
    writeFileSync(pinFile(noble, "one"), "{");
    expect((await pinsIn(noble))["one"]).toEqual({});
    const decisions = await pruneAll(noble);
    expect(decisions.at(-1)?.keptBecause).toContainEqual({ kind: "pinned", note: undefined });
  });

  test("is recorded in a file that everybody may read", async () => {
    const { noble } = await openTwo();
    await pinSnapshot(noble, "one", undefined);
    expect(statSync(pinFile(noble, "one"))).toMatchObject({ mode: 0o100644 });
    expect(JSON.parse(readFileSync(pinFile(noble, "one"), "utf8"))).toMatchObject({ format: 1, by: "ada" });
  });
});

describe("a pin", () => {
  test("of a snapshot that does not exist is refused", async () => {
    const { noble } = await openTwo();
    for (const verb of [pinSnapshot(noble, "three", undefined), unpinSnapshot(noble, "three")])
      await expect(verb).rejects.toMatchObject({ code: "SNAPSHOT_NOT_FOUND" });
  });

  test("that is not there is not removed", async () => {
    const { site, noble } = await openTwo();
    await unpinSnapshot(noble, "one");
    expect(site.typesOfEvents()).toEqual(["snapshot-not-pinned"]);
    expect(await noble.history.list({ actions: ["unpin"] })).toEqual([]);
  });

  test("that a killed deletion left does not pin the next snapshot of that name", async () => {
    const { noble } = await openTwo();
    await pinSnapshot(noble, "one", undefined);
    const pin = readFileSync(pinFile(noble, "one"));
    await deleteSnapshots(noble, ["one"], { force: true });
    writeFileSync(pinFile(noble, "one"), pin);
    await createSnapshot(noble, { name: "one", stage: false, force: false });
    expect((await pinsIn(noble))["one"]).toBeUndefined();
    writeFileSync(pinFile(noble, "three"), pin);
    await pruneSnapshots(noble, { keepLast: 9, dryRun: false });
    expect(existsSync(pinFile(noble, "three"))).toBe(false);
  });
});
