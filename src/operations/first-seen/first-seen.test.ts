import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { digestOf } from "../../../test/support/digests.ts";
import { openMirror, type RunOptions, type SyncedMirror } from "../sync/test-support.ts";

const withSnapshots = '[mirrors.m.snapshot]\ndefault_name_format = "2006-01-02T15-04-05"\n';
const hourMs = 3_600_000;
const start = Date.now() - hourMs;
const day = (number: number): Date => new Date(start + number * 24 * hourMs);

/** A mirror with an upstream of the package `stays`, which a sync of day 0 copied. */
async function openSynced(options: RunOptions = {}): Promise<SyncedMirror> {
  const mirror = await openMirror();
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  mirror.upstream.suite("stable", { compressions: ["gz"] }).addPackage("stays", "1.0");
  await mirror.upstream.publish();
  await sync(mirror, { now: day(0), ...options });
  return mirror;
}

async function sync(mirror: SyncedMirror, options: RunOptions): Promise<string> {
  const { outcome, said } = await mirror.sync({ extra: withSnapshots, ...options });
  expect([outcome.kind, said]).toEqual(["synced", expect.anything()]);
  return said;
}

async function add(mirror: SyncedMirror, name: string): Promise<void> {
  mirror.upstream.suite("stable").addPackage(name, "1.0");
  await mirror.upstream.publish();
}

const pathOf = (name: string): string => `pool/main/${name[0]}/${name}/${name}_1.0_amd64.deb`;
const recordOf = ({ dir }: SyncedMirror): string => join(dir, ".mirrorctl/state/m.first-seen");

/** Returns when the package was first seen, in days. */
async function seenOn(mirror: SyncedMirror, name: string): Promise<number | undefined> {
  const digest = digestOf(readFileSync(mirror.upstream.path(pathOf(name))), "SHA256");
  const { firstSeen } = await mirror.context();
  const at = (await firstSeen.timesOf(new Set([digest]))).get(digest);
  return at && Math.round((at.getTime() - start) / (24 * hourMs));
}

test("each sync records the packages that it adds", async () => {
  const mirror = await openSynced();
  await add(mirror, "added");
  await sync(mirror, { now: day(1) });
  await add(mirror, "later");
  await sync(mirror, { now: day(2) });
  expect([
    await seenOn(mirror, "stays"),
    await seenOn(mirror, "added"),
    await seenOn(mirror, "later"),
  ]).toEqual([0, 1, 2]);
  const lines = readFileSync(recordOf(mirror), "utf8").match(/^2\S+ [0-9a-f]{64}$/gm);
  expect(lines).toHaveLength(3); // a sync costs what changed
});

test("a sync with nothing new records nothing", async () => {
  const mirror = await openSynced();
  const before = readFileSync(recordOf(mirror));
  await sync(mirror, { now: day(1) });
  expect(readFileSync(recordOf(mirror))).toEqual(before);
});

test("a package that comes back is as old as before", async () => {
  const mirror = await openSynced();
  const [suite, path] = [mirror.upstream.suite("stable"), mirror.upstream.path(pathOf("stays"))];
  copyFileSync(path, join(mirror.dir, "copy"));
  suite.removePackage("stays");
  await add(mirror, "other");
  await sync(mirror, { now: day(1), extra: "" });
  await add(mirror, "stays");
  expect(readFileSync(path)).toEqual(readFileSync(join(mirror.dir, "copy")));
  await sync(mirror, { now: day(2), extra: "" });
  expect(await seenOn(mirror, "stays")).toBe(0);
});

test("what upstream lists and does not have yet gets no age", async () => {
  const mirror = await openSynced();
  await add(mirror, "announced");
  const absent = mirror.server.fault({ path: /announced_/, status: 404 });
  await sync(mirror, { now: day(1), extra: `allow_missing = true\n${withSnapshots}` });
  expect(await seenOn(mirror, "announced")).toBeUndefined();
  absent.disarm();
  await sync(mirror, { now: day(2), extra: `allow_missing = true\n${withSnapshots}` });
  expect(await seenOn(mirror, "announced")).toBe(2);
});

test("a lost record is made again from the oldest trees that hold the bytes", async () => {
  const mirror = await openSynced();
  await add(mirror, "added");
  await sync(mirror, { now: day(1) });
  await sync(mirror, { now: day(2) }); // a second snapshot of the same
  rmSync(recordOf(mirror));
  const said = await sync(mirror, { now: day(3) });
  expect([await seenOn(mirror, "stays"), await seenOn(mirror, "added")]).toEqual([0, 1]);
  expect(said).toContain("Recorded when 2 files were first seen, from 2 trees");
});

test("without snapshots, a lost record is made again from the working mirror", async () => {
  const mirror = await openSynced({ extra: "" });
  writeFileSync(recordOf(mirror), "");
  await sync(mirror, { now: day(3), extra: "" });
  expect(await seenOn(mirror, "stays")).toBe(0);
});

test("a snapshot that cannot be read is left out, and the sync goes on", async () => {
  const mirror = await openSynced();
  rmSync(recordOf(mirror));
  const { catalog } = await mirror.context();
  const [snapshot] = await catalog.list();
  truncateSync(join(snapshot?.path ?? "", "dists/stable/main/binary-amd64/Packages.gz"), 5);
  const said = await sync(mirror, { now: day(1) });
  expect(said).toContain("cannot be read, so packages that only it holds count as new");
  await add(mirror, "added");
  await sync(mirror, { now: day(2) });
  expect([await seenOn(mirror, "stays"), await seenOn(mirror, "added")]).toEqual([2, 2]);
});

test("files that a sync of an earlier version fetched are recorded by the next one", async () => {
  const mirror = await openSynced();
  const record = readFileSync(recordOf(mirror));
  await add(mirror, "added");
  await sync(mirror, { now: day(1) });
  writeFileSync(recordOf(mirror), record);
  const state = join(mirror.dir, ".mirrorctl/state/m.json");
  writeFileSync(state, readFileSync(state, "utf8").replace(',"firstSeenKept":true', ""));
  await add(mirror, "later");
  await sync(mirror, { now: day(2) });
  expect([await seenOn(mirror, "stays"), await seenOn(mirror, "added")]).toEqual([0, 2]);
});

test("bytes that no tree holds are forgotten once the record has doubled", async () => {
  const mirror = await openSynced();
  const line = (index: number): string => `${day(0).toISOString()} ${index.toString(16).padStart(64, "0")}\n`;
  appendFileSync(recordOf(mirror), Array.from({ length: 20_000 }, (_, index) => line(index)).join(""));
  const stays = readFileSync(mirror.upstream.path(pathOf("stays")));
  mirror.upstream.suite("stable").removePackage("stays"); // a snapshot holds it
  await add(mirror, "added");
  await sync(mirror, { now: day(1) });
  mkdirSync(dirname(mirror.upstream.path(pathOf("stays"))), { recursive: true });
  writeFileSync(mirror.upstream.path(pathOf("stays")), stays);
  expect([await seenOn(mirror, "stays"), await seenOn(mirror, "added")]).toEqual([0, 1]);
  expect(statSync(recordOf(mirror)).size).toBeLessThan(500);
});

test("a clock that was set back does not make packages look older", async () => {
  const mirror = await openSynced({ now: day(5) });
  await add(mirror, "added");
  await sync(mirror, { now: day(1) });
  expect(await seenOn(mirror, "added")).toBe(5);
});
