import { readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import { openMirror, type SyncedMirror } from "./test-support.ts";

async function openStable(): Promise<SyncedMirror> {
  const mirror = await openMirror();
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  mirror.upstream.suite("stable").addPackage("hello", "1.0");
  await mirror.upstream.publish();
  return mirror;
}

async function publishNews({ upstream }: SyncedMirror, version: string): Promise<void> {
  upstream.suite("stable").addPackage("hello", version);
  await upstream.publish();
}

/** Everything in `<dir>/m`. */
const namesOf = ({ dir }: SyncedMirror): readonly string[] => readdirSync(join(dir, "m")).toSorted();

/** Snapshots are named after the millisecond. */
const staged = 'publish_to_staging = true\nsnapshot.default_name_format = "2006-01-02T15-04-05.000Z"\n';
const working = (isPublic: boolean): string => `[mirrors.m.publish]\nworking = ${isPublic}\n`;
const hiddenMessage = "is no longer public: removed dists, pool from";

test("shows a mirror without snapshots under its own names and in production", async () => {
  const mirror = await openStable();
  await mirror.sync();
  expect(namesOf(mirror)).toEqual([".live", "current", "dists", "pool"]);
});

test("follows the working mirror unless a snapshot was published", async () => {
  const mirror = await openStable();
  await mirror.sync();
  const context = await mirror.context();
  await createSnapshot(context, { name: "one", stage: false, force: false });
  await publishSnapshot(context, "one", undefined);
  await deleteSnapshots(context, ["one"], { force: true });
  for (const version of ["1.1", "1.2"]) {
    await publishNews(mirror, version);
    const { outcome, said } = await mirror.sync();
    expect(outcome.kind).toBe("synced");
    expect(said).toContain("Production of m leads nowhere and was a snapshot before");
    expect(namesOf(mirror)).not.toContain("current");
  }
  symlinkSync(".live", join(mirror.dir, "m/current")); // as the message says
  expect((await mirror.sync()).said).not.toContain("leads nowhere");
  expect(readlinkSync(join(mirror.dir, "m/current"))).toBe(".live");
});

test("with snapshots, clients see only staging and production", async () => {
  const mirror = await openStable();
  const { said } = await mirror.sync({ extra: staged });
  expect(namesOf(mirror)).toEqual([".live", "staging"]);
  expect(said).not.toContain("no longer public");
});

test("publish.working decides, with snapshots or without", async () => {
  const mirror = await openStable();
  await mirror.sync({ extra: staged + working(true) });
  expect(namesOf(mirror)).toEqual([".live", "dists", "pool", "staging"]);

  const other = await openStable();
  await other.sync({ extra: working(false) });
  expect(namesOf(other)).toEqual([".live", "current"]);
  expect(readlinkSync(join(other.dir, "m/current"))).toBe(".live");
});

describe.each([
  ["something new", true],
  ["nothing new", false],
])("a sync with %s", (_what, isNew) => {
  test("hides a public working mirror, and leaves what is not its own", async () => {
    const mirror = await openStable();
    await mirror.sync({ extra: staged + working(true) });
    writeFileSync(join(mirror.dir, "m/README"), "ours");
    if (isNew) await publishNews(mirror, "1.1");

    const { said, outcome } = await mirror.sync({ extra: staged });
    expect(outcome).toMatchObject({ kind: "synced", unchanged: !isNew });
    expect(said).toContain(`The working mirror of m ${hiddenMessage} ${join(mirror.dir, "m")}\n`);
    expect(namesOf(mirror)).toEqual([".live", "README", "staging"]);
    if (isNew) await publishNews(mirror, "1.2");
    expect((await mirror.sync({ extra: staged })).said).not.toContain("no longer public");
  });

  test("shows it again when it should be public", async () => {
    const mirror = await openStable();
    await mirror.sync({ extra: staged });
    if (isNew) await publishNews(mirror, "1.1");
    await mirror.sync({ extra: staged + working(true) });
    expect(namesOf(mirror)).toEqual([".live", "dists", "pool", "staging"]);
  });
});

test("hides the working mirror when snapshots are on, and keeps production", async () => {
  const mirror = await openStable();
  await mirror.sync();
  await publishNews(mirror, "1.1");
  const { said } = await mirror.sync({ extra: "snapshot = {}\n" });
  expect(said).toContain(hiddenMessage);
  expect(namesOf(mirror)).toEqual([".live", "current"]);
  expect(readlinkSync(join(mirror.dir, "m/current"))).toMatch(/\/\.snapshots\/m\/.*-frozen$/);
  const pool = join(mirror.dir, "m/current/pool/main/h/hello");
  expect(readdirSync(pool)).toEqual(["hello_1.0_amd64.deb"]);
});

test("a sync that fails hides nothing", async () => {
  const mirror = await openStable();
  await mirror.sync({ extra: staged + working(true) });
  const before = namesOf(mirror);
  expect(before).toContain("dists");
  await publishNews(mirror, "1.1");
  mirror.server.fault({ path: /\.deb$/, status: 500 });
  const { outcome } = await mirror.sync({ extra: staged });
  expect(outcome.kind).toBe("failed");
  expect(namesOf(mirror)).toEqual(before);
});
