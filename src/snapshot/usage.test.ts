import { linkSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "./catalog.ts";
import { keepDifference } from "./differences.ts";
import { directoryForTest, layoutIn, makeTree } from "./test-support.ts";
import { measureUsage, TreesByGeneration } from "./usage.ts";

const { signal } = new AbortController();

const snapshotAt = (path: string, generation: string | undefined, sizeBytes: number): Snapshot => ({
  name: "one",
  path,
  createdAt: new Date("2026-05-04T03:02:01Z"),
  recorded: true,
  meta: {
    format: 1,
    name: "one",
    createdAt: "2026-05-04T03:02:01.000Z",
    generation,
    files: 4,
    packages: 0,
    sizeBytes,
    releases: [],
    facts: undefined,
    indexDigests: undefined,
  },
});

/**
 * A snapshot and the tree after it. A file is in the store and here; in the store and twice here; in the store, here and
 * in the other tree; only here.
 */
async function twoTrees() {
  const directory = await directoryForTest();
  makeTree(directory.path, { "one/own": "1", "one/twice": "22", "one/shared": "333", "one/copied": "4444" });
  for (const name of ["store", "two", "one/by-hash"]) mkdirSync(directory.join(name));
  linkSync(directory.join("one/own"), directory.join("store/1"));
  linkSync(directory.join("one/twice"), directory.join("store/2"));
  linkSync(directory.join("one/twice"), directory.join("one/by-hash/2"));
  linkSync(directory.join("one/shared"), directory.join("store/3"));
  linkSync(directory.join("one/shared"), directory.join("two/shared"));
  const [one, two] = [directory.join("one"), directory.join("two")];
  return { layout: layoutIn(directory.path), one, two };
}

const uniqueBytes = 1 + 2 + 4;
const sharedBytes = 3;

describe("the usage of a snapshot", () => {
  test("is its own bytes, apart from those that other trees share", async () => {
    const { layout, one, two } = await twoTrees();
    const ofOne = await measureUsage(
      layout,
      snapshotAt(one, undefined, 0),
      new TreesByGeneration([]),
      signal,
    );
    expect(ofOne).toEqual({ uniqueBytes, sharedBytes });
    const ofTwo = await measureUsage(
      layout,
      snapshotAt(two, undefined, 0),
      new TreesByGeneration([]),
      signal,
    );
    expect(ofTwo).toEqual({ uniqueBytes: 0, sharedBytes });
  });

  test("is measured at the files alone that left in the syncs until the next tree", async () => {
    const { layout, one, two } = await twoTrees();
    makeTree(layout.snapshots, { "one/kept": "" });
    const recordedBytes = 1_000; // a walk would not find as many
    const snapshot = snapshotAt(one, "g1", recordedBytes);
    makeTree(layout.snapshotMeta, { "one.json": JSON.stringify(snapshot.meta) });
    keepDifference(layout, { from: "g1", to: "g2", gone: ["own", "copied", "came-later"], added: [] });
    keepDifference(layout, { from: "g2", to: "g3", gone: ["twice", "by-hash/2"], added: [] });
    const next = new TreesByGeneration([{ path: two, generation: "g3" }]);
    const usage = await measureUsage(layout, snapshot, next, signal);
    expect(usage).toEqual({ uniqueBytes, sharedBytes: recordedBytes - uniqueBytes });
  });

  test("is measured by a walk if the next tree is a copy", async () => {
    const { layout, one } = await twoTrees();
    const copy = makeTree(join(layout.dir, "copy"), { own: "1", twice: "22", shared: "333", copied: "4444" });
    const next = new TreesByGeneration([{ path: copy, generation: "g1" }]);
    const usage = await measureUsage(layout, snapshotAt(one, "g1", 10), next, signal);
    expect(usage).toEqual({ uniqueBytes, sharedBytes });
  });

  test("is measured by a walk for each copy, whatever other trees share", async () => {
    const { layout, one, two } = await twoTrees();
    makeTree(layout.snapshots, { "one/kept": "" });
    const snapshot = snapshotAt(one, "g1", 1_000);
    makeTree(layout.snapshotMeta, { "one.json": JSON.stringify(snapshot.meta) });
    keepDifference(layout, {
      from: "g1",
      to: "g2",
      gone: ["own", "copied", "twice", "by-hash/2"],
      added: [],
    });
    const copy = makeTree(join(layout.dir, "copy"), { own: "1", shared: "333", alone: "55555" });
    const trees = new TreesByGeneration([
      { path: two, generation: "g2" },
      { path: one, generation: "g1" },
      { path: copy, generation: "g3" },
    ]);
    keepDifference(layout, { from: "g3", to: "g1", gone: ["alone"], added: [] });
    expect((await measureUsage(layout, snapshot, trees, signal)).uniqueBytes).toBe(uniqueBytes);
    const ofCopy = await measureUsage(layout, snapshotAt(copy, "g3", 1_000), trees, signal);
    expect(ofCopy).toEqual({ uniqueBytes: 1 + 3 + 5, sharedBytes: 0 });
  });
});
