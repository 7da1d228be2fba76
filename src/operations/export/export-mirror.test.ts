/** Carries snapshots to a mirror that cannot reach upstream: what goes out, and what arrives. */
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createSigningKey, listFiles, readTree } from "../../../test/support/index.ts";
import { openApp } from "../../../test/support/open-app.ts";
import {
  deb,
  flip,
  labelName,
  labelOf,
  newDeb,
  snapshotOf,
  treeOf,
  withoutByHash,
} from "./export-mirror.fixture.ts";
import { openSides } from "./test-support.ts";

describe("an export", () => {
  test("is a snapshot byte for byte, and the other side makes the same tree of it", async () => {
    const { bed, disk, outside, inside } = await openSides();
    const name = await snapshotOf(outside);
    const exported = await outside.export();
    expect(exported).toMatchObject({ snapshot: name, directory: disk, thereFiles: 0, leftOutFiles: 0 });
    const there = new Map(await readTree(disk));
    there.delete(labelName);
    expect([...there]).toEqual(withoutByHash(await treeOf(outside, name)));
    expect(exported.files).toBe(there.size);
    expect(labelOf(disk)).toMatchObject({ complete: true, mirror: "debian", snapshot: name });

    bed.server.clearRequests();
    const arrived = await inside.sync(disk);
    expect(arrived).toMatchObject({ kind: "synced", fetchedFiles: 1 });
    expect(bed.server.requests).toEqual([]);
    const snapshot = arrived.kind === "synced" ? (arrived.snapshot ?? "") : "";
    expect(await treeOf(inside, snapshot)).toEqual(await treeOf(outside, name));
    const { events } = inside;
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "upstream-replaced",
        label: expect.objectContaining({ snapshot: name }),
      }),
    );
  });

  test("has flat suites and sources, too", async () => {
    const mirror = { suites: ["stable", "flat/"], mirror_source: true };
    const { bed, disk, outside, inside } = await openSides({ snapshot: {} }, mirror);
    bed.upstream.suite("stable").addSource("hello", "1.0-1");
    bed.upstream.suite("flat/", { compressions: ["gz"] }).addPackage("vendor", "1.0");
    await bed.upstream.publish();
    const name = await snapshotOf(outside);
    await outside.export();
    const arrived = await inside.sync(disk);
    expect(arrived).toMatchObject({ kind: "synced" });
    const snapshot = arrived.kind === "synced" ? (arrived.snapshot ?? "") : "";
    expect(await treeOf(inside, snapshot)).toEqual(await treeOf(outside, name));
    expect([...(await treeOf(inside, snapshot)).keys()]).toEqual(
      expect.arrayContaining(["flat/InRelease", expect.stringMatching(/\.dsc$/)]),
    );
  });

  test("leaves out what an earlier snapshot has, and the other side completes it", async () => {
    const { bed, disk, outside, inside } = await openSides();
    const first = await snapshotOf(outside);
    await outside.export();
    await inside.sync(disk);
    rmSync(disk, { recursive: true });
    bed.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    await bed.upstream.publish();
    const second = await snapshotOf(outside);
    const exported = await outside.export({ since: first });
    const files = await listFiles(disk);
    expect(files.filter((path) => path.endsWith(".deb"))).toEqual([newDeb]);
    expect(exported).toMatchObject({ snapshot: second, since: first, files: files.length - 1 });
    const arrived = await inside.sync(disk);
    expect(arrived).toMatchObject({ kind: "synced", fetchedFiles: 1 });
    const snapshot = arrived.kind === "synced" ? (arrived.snapshot ?? "") : "";
    expect(await treeOf(inside, snapshot)).toEqual(await treeOf(outside, second));
  });

  test("without what the other side lacks too is named there, and changes nothing", async () => {
    const { bed, disk, outside, inside } = await openSides();
    const first = await snapshotOf(outside);
    bed.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    await bed.upstream.publish();
    await snapshotOf(outside);
    await outside.export({ since: first });
    const arrived = await inside.sync(disk);
    expect(arrived).toMatchObject({ kind: "failed", error: { code: "FILES_MISSING" } });
    expect(arrived.kind === "failed" && String(arrived.error)).toContain("neither it nor this mirror has");
    expect(existsSync(join(inside.dir, ".snapshots/debian"))).toBe(false);
  });

  test("is the working mirror if there are no snapshots, and holds off syncs", async () => {
    const { disk, outside } = await openSides({});
    await outside.sync();
    expect(await outside.export()).toMatchObject({ snapshot: undefined });
    expect(labelOf(disk)).not.toHaveProperty("snapshot");
    expect(await listFiles(disk)).toContain(deb);
    const lock = await outside.app.mirror("debian").lockWorkingMirror("sync");
    await expect(outside.export()).rejects.toMatchObject({ area: "lock" });
    lock[Symbol.dispose]();
  });

  test.each([labelName, `${labelName}/x.deb`])(
    "of a repository with the path %s writes nothing",
    async (path) => {
      const { bed, disk, outside } = await openSides();
      bed.upstream.suite("stable").addPackage("labelled", "1", { filename: path });
      await bed.upstream.publish();
      await snapshotOf(outside);
      await expect(outside.export()).rejects.toMatchObject({ code: "NAME_UNWRITABLE", items: [path] });
      await expect(outside.export({ dryRun: true })).rejects.toMatchObject({ code: "NAME_UNWRITABLE" });
      expect(existsSync(disk)).toBe(false);
    },
  );

  test("is the only one into its directory, and of several into others", async () => {
    const { bed, disk, outside } = await openSides();
    await snapshotOf(outside);
    const other = { to: bed.join("other") };
    const [first, second, third] = await Promise.allSettled([
      outside.export(),
      outside.export(),
      outside.export(other),
    ]);
    expect([first, third]).toMatchObject([{ status: "fulfilled" }, { status: "fulfilled" }]);
    expect(second).toMatchObject({
      reason: {
        area: "lock",
        code: "LOCK_HELD",
        message: expect.stringContaining(`${disk} is locked by ada: export`),
      },
    });
    expect(await outside.export()).toMatchObject({ files: 0 });
  });

  test("may be made by a user who may only read the mirror", async () => {
    const { bed, disk, outside } = await openSides();
    const name = await snapshotOf(outside);
    const reader = await openApp({ path: bed.configFile }, { uid: statSync(bed.dir).uid + 1 });
    onTestFinished(() => reader[Symbol.asyncDispose]());
    const { signal } = new AbortController();
    const run = reader.app.run({ who: "bob", signal, emit: () => undefined });
    expect(await run.exportTo("debian", { to: disk, dryRun: false })).toMatchObject({ snapshot: name });
    expect(await listFiles(join(outside.dir, ".mirrorctl/locks"))).not.toContainEqual(
      expect.stringContaining("export"),
    );
  });

  test("says what upstream lacked", async () => {
    const { bed, outside } = await openSides({}, { allow_missing: true });
    rmSync(join(bed.upstream.dir, deb));
    await outside.sync();
    expect(await outside.export()).toMatchObject({ lackedFiles: 1 });
  });

  test("has no carried file", async () => {
    const { bed, disk, outside } = await openSides({});
    bed.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    await bed.upstream.publish();
    await outside.sync();
    bed.upstream.suite("stable").removePackage("newcomer");
    await bed.upstream.publish();
    await outside.sync();
    expect(existsSync(join(outside.dir, "debian", newDeb))).toBe(true);
    await outside.export();
    expect((await listFiles(disk)).filter((path) => path.endsWith(".deb"))).toEqual([deb]);
  });

  test("is recorded, and a dry run neither writes nor records", async () => {
    const { disk, outside } = await openSides();
    const name = await snapshotOf(outside);
    const planned = await outside.export({ dryRun: true });
    expect(existsSync(disk)).toBe(false);
    const exported = await outside.export();
    expect(exported).toEqual(planned);
    const lines = await outside.app.app.history.list({ mirror: "debian", actions: ["export"] });
    expect(lines).toMatchObject([
      { result: "done", to: name, details: { kind: "exported", directory: disk, files: exported.files } },
    ]);
  });
});

describe("a damaged tree", () => {
  test("is not exported at all if a file is missing or short", async () => {
    const { disk, outside } = await openSides();
    const name = await snapshotOf(outside);
    rmSync(join(outside.dir, ".snapshots/debian", name, deb));
    await expect(outside.export()).rejects.toMatchObject({
      code: "TREE_DAMAGED",
      items: [expect.stringContaining(deb)],
    });
    expect(existsSync(disk)).toBe(false);
  });

  test("is not exported if its signature is not good", async () => {
    const { bed, outside } = await openSides();
    const name = await snapshotOf(outside);
    flip(join(outside.dir, ".snapshots/debian", name, "dists/stable/InRelease"));
    await expect(outside.export()).rejects.toMatchObject({ code: "TREE_DAMAGED" });
    expect(existsSync(bed.join("disk"))).toBe(false);
    writeFileSync(bed.keyFile, (await createSigningKey()).publicKeyArmored);
    await expect(outside.export()).rejects.toMatchObject({
      items: expect.arrayContaining([
        expect.stringMatching(/^dists\/stable\/Release: .* signed by unknown key \S+$/),
        expect.stringMatching(/^"mirrorctl key needed debian" says /),
      ]),
    });
  });

  test("is found out while a file of the right size is copied, and continues later", async () => {
    const { disk, outside, inside } = await openSides();
    const name = await snapshotOf(outside);
    const path = join(outside.dir, ".snapshots/debian", name, deb);
    flip(path);
    await expect(outside.export()).rejects.toMatchObject({
      code: "TREE_DAMAGED",
      items: [expect.stringContaining(deb)],
    });
    expect(await listFiles(disk)).not.toContain(deb);
    expect(await listFiles(disk)).not.toContain("dists/stable/InRelease");
    expect(await inside.sync(disk)).toMatchObject({ kind: "failed", error: { code: "INCOMPLETE" } });
    flip(path);
    const { files, thereFiles } = await outside.export();
    expect(files).toBe(4); // the package, and the three signature files
    expect(thereFiles).toBeGreaterThan(0);
    expect(await inside.sync(disk)).toMatchObject({ kind: "synced" });
  });
});
