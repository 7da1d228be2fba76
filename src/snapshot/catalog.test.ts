import { existsSync, statSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles, readTree } from "../../test/support/index.ts";
import { catalogForTest, origin } from "./catalog.fixture.ts";
import { openCatalog } from "./catalog.ts";
import { SnapshotError } from "./errors.ts";
import { makeTree, smallTree } from "./test-support.ts";

describe("create", () => {
  test("freezes a tree by hard links, and records what it contains", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    const { snapshot, how } = await catalog.create(tree, origin("one"));

    expect(how).toBe("linked");
    expect(await readTree(snapshot.path)).toEqual(await readTree(tree));
    const deb = "pool/main/a/a/a_1_amd64.deb";
    expect(statSync(join(snapshot.path, deb)).ino).toBe(statSync(join(tree, deb)).ino);
    expect(snapshot).toEqual({
      name: "one",
      path: join(layout.snapshots, "one"),
      createdAt: new Date("2026-05-04T06:00:00Z"),
      recorded: true,
      meta: {
        format: 1,
        name: "one",
        createdAt: "2026-05-04T06:00:00.000Z",
        generation: "20260504T030201.000Z",
        files: 5,
        packages: 1,
        sizeBytes: Object.values(smallTree).join("").length,
        releases: [
          {
            suite: "noble",
            date: "2026-05-04T03:02:01.000Z",
            validUntil: "2026-05-11T03:02:01.000Z",
            signedBy: ["871920D1991BC93C"],
          },
        ],
      },
    });
    expect(await catalog.find("one")).toEqual(snapshot);
    expect(await catalog.require("one")).toEqual(snapshot);
    expect(statSync(layout.snapshots).mode & 0o777).toBe(0o755);
    expect(statSync(join(layout.snapshotMeta, "one.json")).mode & 0o777).toBe(0o644);
  });

  test("records the counts of the sync that made the tree, without counting again", async () => {
    const { tree, catalog } = await catalogForTest();
    const counted = (await catalog.create(tree, origin("counted"))).snapshot.meta;
    const counts = { files: 50, packages: 10, sizeBytes: 1_000 };
    const { snapshot } = await catalog.create(tree, { ...origin("known"), counts });
    expect(snapshot.meta).toEqual({ ...counted, ...counts, name: "known" });
  });

  test("does not change when the tree changes", async () => {
    const { directory, tree, catalog } = await catalogForTest();
    const { snapshot } = await catalog.create(tree, origin("one"));
    const before = await readTree(snapshot.path);
    unlinkSync(join(tree, "pool/main/a/a/a_1_amd64.deb"));
    writeFileSync(directory.join("tree/dists/new"), "");
    expect(await readTree(snapshot.path)).toEqual(before);
  });

  test.each([
    ["", "is empty"],
    ["..", 'starts with "."'],
    [".meta", 'starts with "."'],
    ["a/b", 'contains "/"'],
    ["a b", "contains a blank"],
    ["x".repeat(201), "longer than 200 bytes"],
  ])("refuses the name %j, which %s, and makes nothing", async (name, fault) => {
    const { layout, tree, catalog } = await catalogForTest();
    const outcome = catalog.create(tree, origin(name));
    await expect(outcome).rejects.toThrow(fault);
    await expect(outcome).rejects.toMatchObject({ code: "SNAPSHOT_NAME_INVALID" });
    expect(existsSync(layout.snapshots)).toBe(false);
  });

  test("accepts the longest valid name", async () => {
    const { tree, catalog } = await catalogForTest();
    const name = "x".repeat(200);
    await catalog.create(tree, origin(name));
    expect((await catalog.list()).map((snapshot) => snapshot.name)).toEqual([name]);
    await catalog.remove(name);
    expect(await catalog.list()).toEqual([]);
  });

  test("refuses a name that is used, even by something other than a snapshot", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    await catalog.create(tree, origin("one"));
    writeFileSync(join(layout.snapshots, "notes"), "precious");
    for (const name of ["one", "notes"])
      await expect(catalog.create(tree, origin(name))).rejects.toMatchObject({
        code: "SNAPSHOT_EXISTS",
      });
    expect(await listFiles(layout.snapshots)).toContain("notes");
  });

  test("leaves nothing if it is cancelled", async () => {
    const { layout, tree } = await catalogForTest();
    const stop = new AbortController();
    stop.abort(new Error("stop"));
    const catalog = openCatalog(layout, stop.signal);
    await expect(catalog.create(tree, origin("one"))).rejects.toThrow("stop");
    expect(await catalog.list()).toEqual([]);
    expect(await listFiles(layout.snapshots)).toEqual([]);
  });

  test("begins again if a killed run left a part of a draft", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    makeTree(join(layout.snapshots, ".one.draft"), { "pool/stale.deb": "stale" });
    const { snapshot } = await catalog.create(tree, origin("one"));
    expect(await readTree(snapshot.path)).toEqual(await readTree(tree));
  });
});

describe("list", () => {
  test("lists snapshots alone, newest first", async () => {
    const { directory, layout, tree, catalog } = await catalogForTest();
    expect(await catalog.list()).toEqual([]);
    await catalog.create(tree, origin("b", "2026-05-02T00:00:00Z"));
    await catalog.create(tree, origin("a", "2026-05-03T00:00:00Z"));
    await catalog.create(tree, origin("c", "2026-05-01T00:00:00Z"));
    makeTree(join(layout.snapshots, ".d.draft"), smallTree);
    makeTree(join(layout.snapshots, "not one"), smallTree);
    writeFileSync(join(layout.snapshots, "file"), "");
    symlinkSync(directory.join("tree"), join(layout.snapshots, "link"));

    expect((await catalog.list()).map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(await catalog.find("link")).toBeUndefined();
    expect(await catalog.find("../noble/a")).toBeUndefined();
  });
});

describe("require", () => {
  test("names the existing snapshots if the requested one is not among them", async () => {
    const { tree, catalog } = await catalogForTest();
    const errorOf = async (): Promise<SnapshotError> => {
      try {
        await catalog.require("typo");
      } catch (error) {
        if (error instanceof SnapshotError) return error;
        throw error;
      }
      throw new Error("expected an error");
    };
    expect((await errorOf()).message).toBe('noble has no snapshot "typo"');
    expect((await errorOf()).hint).toContain("mirrorctl snapshot create noble");
    await catalog.create(tree, origin("one"));
    expect((await errorOf()).hint).toBe("There is one.");
    for (const name of ["2", "3", "4", "5", "6"]) await catalog.create(tree, origin(name));
    expect((await errorOf()).code).toBe("SNAPSHOT_NOT_FOUND");
    expect((await errorOf()).facts.snapshots).toHaveLength(6);
    expect((await errorOf()).hint).toBe("There are one, 6, 5, 4, 3, ….");
  });
});
