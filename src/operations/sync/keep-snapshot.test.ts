import { readdirSync, rmSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { stageSnapshot } from "../production/stage-snapshot.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import { leaveStandIn } from "../test-support.ts";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const table = "[mirrors.m.snapshot]\nskip_unchanged = true\n";
const skipping = `publish_to_staging = true\n${table}`;

/** The hour of a day, and the name of the snapshot of a sync at that time. */
const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 2, hour));
const named = (hour: number): string => at(hour).toISOString().replaceAll(":", "-").replace(".000", "");

const namesIn = ({ dir }: SyncedMirror): readonly string[] =>
  readdirSync(`${dir}/.snapshots/m`).filter((name) => !name.startsWith("."));

const staged = async (mirror: SyncedMirror) =>
  await (await mirror.context({ extra: skipping })).publisher.read("staging");

async function publish(mirror: SyncedMirror, version: string): Promise<void> {
  mirror.upstream.suite("stable").addPackage("tool", version);
  await mirror.upstream.publish({ date: new Date(`2026-10-0${version[0]}T00:00:00Z`) });
}

/** Synced once, at one o'clock, with the snapshot of that sync in staging. */
async function openSynced(extra = skipping): Promise<SyncedMirror> {
  const mirror = await openMirror();
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  await publish(mirror, "1.0");
  await mirror.sync({ extra, now: at(1) });
  return mirror;
}

/** With an older snapshot beside the newest, of two o'clock, which is staged. */
async function openWithTwo(): Promise<SyncedMirror> {
  const mirror = await openSynced();
  await publish(mirror, "2.0");
  await mirror.sync({ extra: skipping, now: at(2) });
  return mirror;
}

describe("a sync with nothing new and skip_unchanged", () => {
  test("keeps the newest snapshot, and writes one line of history", async () => {
    const mirror = await openSynced();
    const { outcome, said, asked } = await mirror.sync({ extra: skipping, now: at(2) });
    expect(outcome).toMatchObject({ unchanged: true, snapshot: named(1), kept: true, staged: true });
    expect(said).toContain(`Nothing new since snapshot ${named(1)}: it is kept`);
    expect(said).not.toContain("Staging");
    expect(asked).toHaveLength(1);
    expect(namesIn(mirror)).toEqual([named(1)]);
    const { history } = await mirror.context();
    const lines = (await history.list({})).map(({ action, result }) => `${action} ${result}`);
    expect(lines).toEqual(["sync unchanged", "stage done", "create done", "sync done"]);
  });

  test("makes the next snapshot when something is new", async () => {
    const mirror = await openSynced();
    await publish(mirror, "2.0");
    const { outcome } = await mirror.sync({ extra: skipping, now: at(2) });
    expect(outcome).toMatchObject({ unchanged: false, snapshot: named(2), kept: false, staged: true });
    expect(namesIn(mirror)).toEqual([named(1), named(2)]);
  });

  test("keeps a snapshot that was made by hand of the same tree", async () => {
    const mirror = await openSynced();
    await createSnapshot(await mirror.context({ now: at(2) }), { name: "mine", stage: true, force: false });
    const { outcome } = await mirror.sync({ extra: skipping, now: at(3) });
    expect(outcome).toMatchObject({ snapshot: "mine", kept: true, staged: true });
  });

  test("keeps it with --force too, which is about names", async () => {
    const mirror = await openSynced();
    const { outcome } = await mirror.sync({ extra: skipping, now: at(2), force: true });
    expect(outcome).toMatchObject({ snapshot: named(1), kept: true });
  });

  test("keeps it against the rules of retention, and prunes the others", async () => {
    const extra = `${table}[mirrors.m.snapshot.prune]\nkeep_last = 0\nkeep_within = "90m"\n`;
    const mirror = await openSynced(extra);
    await publish(mirror, "2.0");
    await mirror.sync({ extra, now: at(2) });
    expect(namesIn(mirror)).toEqual([named(1), named(2)]);
    await mirror.sync({ extra, now: at(5) });
    expect(namesIn(mirror)).toEqual([named(2)]);
  });

  test.each([
    [
      "the newest was deleted",
      async (mirror: SyncedMirror) => {
        await deleteSnapshots(await mirror.context(), [named(1)], { force: true });
      },
    ],
    [
      "the record of the newest was lost",
      async (mirror: SyncedMirror) => {
        const { layout } = await mirror.context();
        rmSync(`${layout.snapshotMeta}/${named(1)}.json`);
      },
    ],
    [
      "the tree of the newest is known to be damaged",
      async (mirror: SyncedMirror) => {
        const { memory, working } = await mirror.context();
        memory.markDamaged(working.current()?.name ?? "");
      },
    ],
    [
      "a check found the newest damaged",
      async (mirror: SyncedMirror) => {
        await (await mirror.context()).record({ action: "verify", result: "failed", to: named(1) });
      },
    ],
    [
      "a killed run left only the copy that it wanted to replace",
      async (mirror: SyncedMirror) => {
        const context = await mirror.context({ now: at(2) });
        await leaveStandIn(context, "mine");
        await deleteSnapshots(context, [named(1)], { force: true });
      },
    ],
  ])("makes one if %s", async (_why, spoil) => {
    const mirror = await openSynced();
    await spoil(mirror);
    const { outcome } = await mirror.sync({ extra: skipping, now: at(3) });
    expect(outcome).toMatchObject({ snapshot: named(3), kept: false, staged: true });
    expect(await staged(mirror)).toEqual({ kind: "snapshot", name: named(3) });
  });
});

describe("the snapshot that is kept", () => {
  test("is staged if nothing is", async () => {
    const mirror = await openWithTwo();
    await (await mirror.context()).publisher.hide("staging");
    const { outcome, said } = await mirror.sync({ extra: skipping, now: at(3) });
    expect(outcome).toMatchObject({ kept: true, staged: true });
    expect(said).toContain(`Staging updated: m -> ${named(2)}`);
  });

  test("is staged when publish_to_staging is switched on", async () => {
    const mirror = await openSynced(table);
    expect(await staged(mirror)).toEqual({ kind: "none" });
    await mirror.sync({ extra: skipping, now: at(2) });
    expect(await staged(mirror)).toEqual({ kind: "snapshot", name: named(1) });
  });

  test("is staged if a run was killed before staging it", async () => {
    const mirror = await openSynced();
    await publish(mirror, "2.0");
    await mirror.sync({ extra: table, now: at(2) });
    expect(await staged(mirror)).toEqual({ kind: "snapshot", name: named(1) });
    await mirror.sync({ extra: skipping, now: at(3) });
    expect(await staged(mirror)).toEqual({ kind: "snapshot", name: named(2) });
  });

  test("does not replace an older one that was staged since", async () => {
    const mirror = await openWithTwo();
    await stageSnapshot(await mirror.context({ now: at(3) }), named(1));
    const { outcome, said } = await mirror.sync({ extra: skipping, now: at(4) });
    expect(outcome).toMatchObject({ snapshot: named(2), kept: true, staged: false });
    expect(said).toContain(`Staging of m stays at ${named(1)}`);
    expect(await staged(mirror)).toEqual({ kind: "snapshot", name: named(1) });
    // What is new is staged as always.
    await publish(mirror, "3.0");
    await mirror.sync({ extra: skipping, now: at(5) });
    expect(await staged(mirror)).toEqual({ kind: "snapshot", name: named(5) });
  });

  test("is not staged without publish_to_staging", async () => {
    const mirror = await openSynced(table);
    const { outcome } = await mirror.sync({ extra: table, now: at(2) });
    expect(outcome).toMatchObject({ kept: true, staged: false });
    expect(await staged(mirror)).toEqual({ kind: "none" });
  });
});

test("without skip_unchanged each sync makes its snapshot and stages it", async () => {
  const extra = "publish_to_staging = true\n";
  const mirror = await openSynced(extra);
  const { outcome } = await mirror.sync({ extra, now: at(2) });
  expect(outcome).toMatchObject({ unchanged: true, snapshot: named(2), kept: false, staged: true });
  expect(namesIn(mirror)).toEqual([named(1), named(2)]);
});

test("freezes production once when snapshots are switched on", async () => {
  const mirror = await openSynced("");
  await mirror.sync({ extra: skipping, now: at(2) });
  await mirror.sync({ extra: skipping, now: at(3) });
  expect(namesIn(mirror)).toEqual([`${named(2)}-frozen`]);
  expect(await staged(mirror)).toEqual({ kind: "snapshot", name: `${named(2)}-frozen` });
});
