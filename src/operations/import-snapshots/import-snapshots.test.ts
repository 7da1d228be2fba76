/** Trees that other tools, or an earlier mirrorctl, left on this disk. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTree } from "../../../test/support/index.ts";
import { deb, november, october, openPast } from "./test-support.ts";

describe("dated directories", () => {
  test("become snapshots of their names, as old as their Releases, pinned and not staged", async () => {
    const { bed, keep, past, run, snapshots, opened, ...site } = await openPast({
      mirror: { publish_to_staging: true },
    });
    await keep("2025-10-01", october);
    await keep("2025-11-01", november);
    expect(await site.import([past])).toMatchObject([
      { kind: "imported", name: "2025-10-01", createdAt: october, packages: 1 },
      { kind: "imported", name: "2025-11-01", createdAt: november, packages: 1 },
    ]);
    const listed = await run.snapshots.list(["debian"], { detailed: true });
    expect(listed).toMatchObject([
      { name: "2025-11-01", pin: { note: `imported from ${past}/2025-11-01` } },
      { name: "2025-10-01", createdAt: october },
    ]);
    const { publisher } = opened.mirror("debian");
    expect(await publisher.read("staging")).toEqual({ kind: "none" });
    expect(await publisher.read("production")).toEqual({ kind: "none" });
    const tree = await readTree(join(snapshots, "2025-10-01"));
    const copy = await readTree(join(past, "2025-10-01"));
    for (const [path, digest] of tree) expect([path, copy.get(path)]).toEqual([path, digest]);
    expect(tree.has(deb("1.0"))).toBe(true);
    const lines = await opened.app.history.list({ mirror: "debian", actions: ["create"] });
    expect(lines).toMatchObject([
      { to: "2025-11-01", details: { kind: "created", directory: `${past}/2025-11-01` } },
      { to: "2025-10-01", details: { kind: "created", directory: `${past}/2025-10-01` } },
    ]);
    expect(bed.server.requests).toEqual([]);
  });

  test("are verified and whole, for snapshot verify and for a promotion", async () => {
    const { keep, past, run, ...site } = await openPast({ mirror: { snapshot: {} } });
    await keep("2025-10-01", october);
    await site.import([past]);
    const { trees } = await run.snapshots.verify("debian", { name: "2025-10-01", deep: true, repair: false });
    expect(trees).toMatchObject([{ result: "whole" }]);
    await run.stage("debian", "2025-10-01");
    expect(await run.promote(["debian"], { reason: "an audit" })).toHaveLength(1);
  });

  test("are not imported twice", async () => {
    const { keep, past, snapshots, ...site } = await openPast();
    await keep("2025-10-01", october);
    await site.import([past]);
    const before = await readTree(snapshots);
    expect(await site.import([past])).toMatchObject([{ kind: "there", name: "2025-10-01" }]);
    expect(await readTree(snapshots)).toEqual(before);
  });

  test("get a number if another snapshot has their name", async () => {
    const { keep, past, snapshots, ...site } = await openPast();
    await keep("2025-10-01", october);
    await site.import([past]);
    rmSync(join(past, "2025-10-01"), { recursive: true });
    await keep("2025-10-01", november);
    const before = await readTree(join(snapshots, "2025-10-01"));
    expect(await site.import([past])).toMatchObject([{ kind: "imported", name: "2025-10-01-2" }]);
    expect(await site.import([past])).toMatchObject([{ kind: "there", name: "2025-10-01-2" }]);
    expect(await readTree(join(snapshots, "2025-10-01"))).toEqual(before);
  });

  test.each(["-x", "production", "current", "staging", "working", "has blanks", "1~replacing"])(
    "get the time of their Release as a name, if theirs means something else: %s",
    async (directory) => {
      const { keep, past, ...site } = await openPast({ mirror: { snapshot: {} } });
      await keep(directory, october);
      expect(await site.import([past])).toMatchObject([{ name: "2025-10-01T08-00-00Z" }]);
    },
  );

  test("stay unpinned once somebody unpinned them, as does what a sync made", async () => {
    const { keep, past, run, ...site } = await openPast({ mirror: { snapshot: {} } });
    await keep("2025-10-01", october);
    await site.import([past]);
    await run.snapshots.unpin("debian", "2025-10-01");
    await keep("2025-11-01", november);
    await run.sync(["debian"], { force: false, noPgpCheck: false });
    expect(await site.import([past])).toMatchObject([{ kind: "there" }, { kind: "there" }]);
    const listed = await run.snapshots.list(["debian"], { detailed: false });
    expect(listed.map(({ pin }) => pin)).toEqual([undefined, undefined]);
  });

  test("are of their suite by its codename, whatever Suite it had at that time", async () => {
    let suite = "stable";
    const editRelease = (text: string): string => text.replace(/^Suite: .*$/m, `Suite: ${suite}`);
    const { keep, past, run, ...site } = await openPast({ suite: "bookworm", options: { editRelease } });
    await keep("2025-10-01", october);
    suite = "oldstable";
    await keep("2025-11-01", november);
    await run.sync(["debian"], { force: false, noPgpCheck: false });
    expect(await site.import([past])).toMatchObject([
      { kind: "imported", name: "2025-10-01", remarks: [] },
      { kind: "imported", name: "2025-11-01", remarks: [] },
    ]);
  });

  test("are not what an export takes, unless there is nothing else", async () => {
    const { bed, keep, past, run, ...site } = await openPast();
    await keep("2025-10-01", october);
    await site.import([past]);
    const takeOut = (disk: string) => run.exportTo("debian", { to: bed.join(disk), dryRun: false });
    expect(await takeOut("first")).toMatchObject({ snapshot: "2025-10-01" });
    await run.sync(["debian"], { force: false, noPgpCheck: false });
    expect(await takeOut("second")).toMatchObject({ snapshot: undefined });
  });

  test("stay when later syncs prune", async () => {
    const { bed, keep, past, run, ...site } = await openPast({
      global: { snapshot: { prune: { keep_last: 1 } } },
    });
    await keep("2019-10-01", new Date("2019-10-01T08:00:00Z"));
    await site.import([past]);
    for (const _ of [1, 2]) {
      await bed.upstream.publish();
      await run.sync(["debian"], { force: false, noPgpCheck: false });
    }
    const names = (await run.snapshots.list(["debian"], { detailed: false })).map(({ name }) => name);
    expect(names.at(-1)).toBe("2019-10-01");
  });

  test("leave the working mirror and its spare alone, and give later syncs their files", async () => {
    const { bed, keep, past, run, ...site } = await openPast();
    const plain = { force: false, noPgpCheck: false };
    const sync = () => run.sync(["debian"], plain);
    for (const [name, date] of [
      ["2025-09-01", new Date("2025-09-01T08:00:00Z")],
      ["2025-10-01", october],
    ] as const) {
      await keep(name, date);
      await sync();
    }
    const trees = join(bed.dir, ".mirrorctl/trees/debian");
    const [before, state] = [
      await readTree(trees),
      readFileSync(join(bed.dir, ".mirrorctl/state/debian.json")),
    ];
    expect(readdirSync(trees).filter((name) => name.endsWith(".spare"))).toHaveLength(1);
    await keep("2025-11-01", november);
    const outcomes = await site.import([past]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["imported", "imported", "imported"]);
    expect(await readTree(trees)).toEqual(before);
    expect(readFileSync(join(bed.dir, ".mirrorctl/state/debian.json"))).toEqual(state);
    expect(await sync()).toMatchObject([{ kind: "synced", unchanged: false, fetchedFiles: 0 }]);
  });

  test("share inodes with the store after --link", async () => {
    const { keep, past, snapshots, ...site } = await openPast();
    const copy = await keep("2025-10-01", october);
    await site.import([past], { link: true });
    const [ours, theirs] = [join(snapshots, "2025-10-01"), copy].map((root) =>
      statSync(join(root, deb("1.0"))),
    );
    expect(ours?.ino).toBe(theirs?.ino);
  });

  test("are looked at by a dry run, which changes nothing", async () => {
    const { bed, keep, past, ...site } = await openPast();
    await keep("2025-10-01", october);
    expect(await site.import([past], { dryRun: true })).toMatchObject([
      { kind: "imported", name: "2025-10-01", createdAt: october, packages: undefined },
    ]);
    expect(existsSync(bed.dir)).toBe(false);
  });
});

describe("layouts of other tools", () => {
  test("snapshots of the Go tool are found, and an unsigned one is named", async () => {
    const { bed, keep, ...site } = await openPast();
    const go = bed.join("go");
    cpSync(await keep("x", october), join(go, ".snapshots/debian/before"), { recursive: true });
    const unsigned = join(go, ".snapshots/debian/unsigned");
    cpSync(await keep("y", november), unsigned, { recursive: true });
    for (const name of ["InRelease", "Release.gpg"]) rmSync(join(unsigned, "dists/stable", name));
    mkdirSync(join(go, ".debian.20251101T080000"));
    expect(await site.import([go])).toMatchObject([
      { kind: "imported", name: "before" },
      { kind: "refused", from: unsigned },
    ]);
  });

  test("revisions of debmirror --debmarshal get the time of their Release as a name", async () => {
    const { bed, keep, ...site } = await openPast({ mirror: { snapshot: {} } });
    const tree = bed.join("mirror");
    for (const [number, name] of ["a", "b"].entries()) {
      const copy = await keep(name, number === 0 ? october : november);
      const dists = join(tree, "dists/stable");
      cpSync(join(copy, "dists/stable"), join(dists, String(number)), { recursive: true });
      cpSync(join(copy, "pool"), join(tree, "pool"), { recursive: true });
      rmSync(join(dists, "latest"), { force: true });
      symlinkSync(String(number), join(dists, "latest"));
      for (const file of ["InRelease", "Release", "Release.gpg", "main"])
        cpSync(join(copy, "dists/stable", file), join(dists, file), { recursive: true });
    }
    expect(await site.import([tree])).toMatchObject([
      { kind: "imported", from: tree, name: "2025-11-01T08-00-00Z" },
      { kind: "imported", from: `${tree}/dists/stable/0`, name: "2025-10-01T08-00-00Z" },
      { kind: "there", from: `${tree}/dists/stable/1`, name: "2025-11-01T08-00-00Z" },
    ]);
  });

  test("an export has the name of its snapshot", async () => {
    const { bed, keep, run, ...site } = await openPast({ mirror: { snapshot: {} } });
    await keep("a", october);
    await run.sync(["debian"], { force: false, noPgpCheck: false });
    await run.snapshots.create("debian", { name: "audited", stage: false, force: false });
    await run.exportTo("debian", { to: bed.join("disk"), snapshot: "audited", dryRun: false });
    const { failures } = await run.snapshots.delete("debian", ["audited"], { force: false });
    expect([...failures.values()]).toEqual([]);
    const names = (await run.snapshots.list(["debian"], { detailed: false })).map(({ name }) => name);
    for (const name of names) await run.snapshots.delete("debian", [name], { force: true });
    expect(await site.import([bed.path])).toMatchObject([
      { kind: "imported", from: bed.join("disk"), name: "audited" },
      { kind: "there", from: bed.upstream.dir },
    ]);
    expect(await site.import([bed.join("disk")])).toMatchObject([{ kind: "there", name: "audited" }]);
  });
});
