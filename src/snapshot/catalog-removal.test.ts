import { renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles, readTree } from "../../test/support/index.ts";
import { catalogForTest, origin } from "./catalog.fixture.ts";
import { makeTree, smallTree } from "./test-support.ts";
import { writeCarried } from "./trees/carried.ts";

const carriedForADay = new Map([["pool/main/b/b/b_1_amd64.deb", new Date("2026-05-05T06:00:00Z")]]);

describe("remove", () => {
  test("removes the snapshot and its record, and no other", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    await catalog.create(tree, origin("one"));
    const { snapshot } = await catalog.create(tree, origin("two"));
    const two = await readTree(snapshot.path);
    await catalog.remove("one");

    expect((await catalog.list()).map(({ name }) => name)).toEqual(["two"]);
    expect(await readTree(snapshot.path)).toEqual(two);
    expect(await listFiles(layout.snapshotMeta)).toEqual(["two.json"]);
  });

  test("is finished by clean if a run was killed in the middle", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    await catalog.create(tree, origin("two"));
    makeTree(join(layout.snapshots, ".one.removed"), smallTree);
    makeTree(join(layout.snapshots, ".hidden"), { notes: "not mirrorctl's" });
    expect(await catalog.clean()).toEqual(["one"]);
    expect((await listFiles(layout.snapshots)).filter((path) => !path.startsWith("two/"))).toEqual([
      ".hidden/notes",
      ".meta/two.json",
    ]);
  });

  test("removes the records, so that they are not read for a new snapshot of the name", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    await catalog.create(tree, origin("one"));
    const { snapshot } = await catalog.create(tree, origin("two"));
    for (const name of ["one", "two"]) writeCarried(join(layout.snapshots, name), carriedForADay);
    makeTree(layout.snapshots, {
      ".meta/.three.json.next": "cut",
      ".carried/.three.json.next": "cut",
      ".meta/theirs.json": '{"name":"theirs"}',
      ".probe": "",
    });
    const before = await readTree(layout.snapshots);
    // What a run leaves that is killed after it has hidden the snapshot.
    renameSync(join(layout.snapshots, "one"), join(layout.snapshots, ".one.removed"));
    await catalog.clean();
    const after = await readTree(layout.snapshots);
    const gone = [...before.keys()].filter((path) => !after.has(path) && !path.startsWith("one/"));
    expect(gone).toEqual([
      ".carried/.three.json.next",
      ".carried/one.json",
      ".meta/.three.json.next",
      ".meta/one.json",
      ".probe",
    ]);
    expect([...after].every(([path, content]) => before.get(path) === content)).toBe(true);
    expect(await catalog.find("two")).toEqual(snapshot);
  });

  test("removes what an earlier removal left under the same name", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    makeTree(join(layout.snapshots, ".one.removed"), { "pool/old.deb": "old" });
    await catalog.create(tree, origin("one"));
    await catalog.remove("one");
    expect(await listFiles(layout.snapshots)).toEqual([]);
  });
});
