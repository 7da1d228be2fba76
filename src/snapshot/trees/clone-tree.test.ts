import { linkSync, mkdirSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { diskParent, listFiles, readTree } from "../../../test/support/index.ts";
import { directoryForTest, makeTree, smallTree } from "../test-support.ts";
import { cloneTree } from "./clone-tree.ts";

const never = new AbortController().signal;
const upstreamsTime = new Date("2026-05-04T03:02:01Z");

test("links each file, copies no byte, and follows no link", async () => {
  const directory = await directoryForTest();
  const source = makeTree(directory.join("tree"), smallTree);
  symlinkSync("/etc/passwd", join(source, "pool/link"));
  symlinkSync(makeTree(directory.join("elsewhere"), { secret: "4444" }), join(source, "pool/directory"));
  mkdirSync(directory.join("snapshots"));
  const target = directory.join("snapshots/one");

  expect(await cloneTree(source, target, directory.join("snapshots"), never)).toBe("linked");
  expect([...(await readTree(target)).keys()]).toEqual(Object.keys(smallTree).toSorted());
  for (const path of Object.keys(smallTree))
    expect(statSync(join(target, path)).ino).toBe(statSync(join(source, path)).ino);
  expect(await listFiles(directory.join("snapshots"))).toHaveLength(Object.keys(smallTree).length);
});

/** If both directories are on one file system, the tree is linked. */
test("copies to another file system: the same bytes and times, each file once", async () => {
  const directory = await directoryForTest();
  const elsewhere = await mkdtemp(join(diskParent, "mirrorctl-test-"));
  onTestFinished(() => rm(elsewhere, { recursive: true }));
  const source = makeTree(directory.join("tree"), smallTree);
  const packages = join(source, "dists/noble/main/binary-amd64/Packages");
  mkdirSync(join(source, "dists/noble/main/binary-amd64/by-hash/SHA256"), { recursive: true });
  linkSync(packages, join(source, "dists/noble/main/binary-amd64/by-hash/SHA256/abc"));
  utimesSync(packages, upstreamsTime, upstreamsTime);
  const isOther = statSync(elsewhere).dev !== statSync(directory.path).dev;

  const target = join(elsewhere, "one");
  expect(await cloneTree(source, target, elsewhere, never)).toBe(isOther ? "copied" : "linked");

  expect(await readTree(target)).toEqual(await readTree(source));
  const copy = statSync(join(target, "dists/noble/main/binary-amd64/Packages"));
  expect(copy.mtime).toEqual(upstreamsTime);
  expect(copy.ino).toBe(statSync(join(target, "dists/noble/main/binary-amd64/by-hash/SHA256/abc")).ino);
  expect((await listFiles(elsewhere)).every((path) => path.startsWith("one/"))).toBe(true);
});

test("stops in the middle if it is cancelled", async () => {
  const directory = await directoryForTest();
  const source = makeTree(directory.join("tree"), smallTree);
  mkdirSync(directory.join("snapshots"));
  const stop = new AbortController();
  stop.abort(new Error("told to stop"));
  const clone = cloneTree(source, directory.join("snapshots/one"), directory.join("snapshots"), stop.signal);
  await expect(clone).rejects.toThrow("told to stop");
  expect((await listFiles(directory.join("snapshots"))).length).toBeLessThan(Object.keys(smallTree).length);
});

test("clones an empty tree", async () => {
  const directory = await directoryForTest();
  mkdirSync(directory.join("tree"));
  expect(await cloneTree(directory.join("tree"), directory.join("one"), directory.path, never)).toBe(
    "linked",
  );
  expect(statSync(directory.join("one")).isDirectory()).toBe(true);
});
