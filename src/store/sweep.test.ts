import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { listFiles, readTree, temporaryDirectory } from "../../test/support/index.ts";
import { objectPath } from "../layout.ts";
import { createObjectStore } from "./object-store.ts";
import { sweepObjects, sweepSome } from "./sweep.ts";
import { putObject, sweepWithoutEnd } from "./test-support.ts";

async function makeStore() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  mkdirSync(directory.join("tree"));
  return { directory, objects: directory.join("objects") };
}

test("removes the objects that no tree holds, and returns their number and size", async () => {
  const { directory, objects } = await makeStore();
  const held = putObject(objects, "held");
  linkSync(objectPath(objects, held), directory.join("tree/a"));
  putObject(objects, "four");
  putObject(objects, "and nine.");

  expect(await sweepObjects(objects)).toEqual({ objects: 2, freedBytes: 13 });
  expect(await listFiles(objects)).toEqual([`${held.slice(0, 2)}/${held}`]);
  expect(await sweepObjects(objects)).toEqual({ objects: 0, freedBytes: 0 });
});

test("removes some objects that no tree holds, and leaves others", async () => {
  const { directory, objects } = await makeStore();
  const held = putObject(objects, "held");
  linkSync(objectPath(objects, held), directory.join("tree/a"));
  const other = putObject(objects, "other");
  const free = putObject(objects, "free");
  const absent = "0".repeat(64) as typeof free;

  expect(await sweepSome(objects, [held, free, absent])).toEqual({ objects: 1, freedBytes: 4 });
  expect(await listFiles(objects)).toEqual(
    [held, other].map((name) => `${name.slice(0, 2)}/${name}`).toSorted(),
  );
});

test("finds nothing if there is no store yet", async () => {
  const { objects } = await makeStore();
  expect(await sweepObjects(objects)).toEqual({ objects: 0, freedBytes: 0 });
});

test("leaves other files alone, and follows no link", async () => {
  const { directory, objects } = await makeStore();
  const sha256 = putObject(directory.join("elsewhere"), "elsewhere");
  mkdirSync(`${objects}/ab`, { recursive: true });
  writeFileSync(`${objects}/ab/README`, "");
  symlinkSync(directory.join("elsewhere", sha256.slice(0, 2), sha256), `${objects}/ab/${sha256}`);
  symlinkSync(directory.join("elsewhere", sha256.slice(0, 2)), `${objects}/cd`);
  const before = await readTree(directory.path);

  expect(await sweepObjects(objects)).toEqual({ objects: 0, freedBytes: 0 });
  expect(await readTree(directory.path)).toEqual(before);
});

test("gives back the name of an object that a tree links while it is moved aside", async () => {
  const { directory, objects } = await makeStore();
  const sha256 = putObject(objects, "taken");
  const object = objectPath(objects, sha256);
  // What a sweep leaves if it is killed, or overtaken, between the move and the second count.
  linkSync(object, directory.join("tree/a"));
  renameSync(object, `${object}.swept`);

  expect(await sweepObjects(objects)).toEqual({ objects: 0, freedBytes: 0 });
  expect(await listFiles(objects)).toEqual([`${sha256.slice(0, 2)}/${sha256}`]);
  expect(statSync(object).ino).toBe(statSync(directory.join("tree/a")).ino);
});

test("keeps the object that was added again while the old one was moved aside", async () => {
  const { directory, objects } = await makeStore();
  const sha256 = putObject(objects, "added again");
  const object = objectPath(objects, sha256);
  linkSync(object, directory.join("tree/new"));
  writeFileSync(directory.join("tree/old"), "added again");
  linkSync(directory.join("tree/old"), `${object}.swept`);

  expect(await sweepObjects(objects)).toEqual({ objects: 0, freedBytes: 0 });
  expect(await listFiles(objects)).toEqual([`${sha256.slice(0, 2)}/${sha256}`]);
  expect(statSync(object).ino).toBe(statSync(directory.join("tree/new")).ino);
});

test("removes the copy with which a killed run was about to replace an object", async () => {
  const { objects } = await makeStore();
  const object = objectPath(objects, putObject(objects, "orphan"));
  for (const name of [`${object}.renewed`, `${object}.renewed.swept`]) {
    renameSync(objectPath(objects, putObject(objects, "orphan")), name);
    expect(await sweepObjects(objects)).toEqual({ objects: 1, freedBytes: 6 });
    expect(await listFiles(objects)).toEqual([]);
  }
});

test("removes what a killed sweep had moved aside", async () => {
  const { objects } = await makeStore();
  const object = objectPath(objects, putObject(objects, "orphan"));
  renameSync(object, `${object}.swept`);

  expect(await sweepObjects(objects)).toEqual({ objects: 1, freedBytes: 6 });
  expect(await listFiles(objects)).toEqual([]);
});

test("never removes an object that a tree links at the same moment", async () => {
  const { directory, objects } = await makeStore();
  const store = createObjectStore(objects);
  const target = directory.join("tree/a");
  let linked = 0;
  {
    await using sweeps = new AsyncDisposableStack();
    for (let count = 0; count < 2; count++) sweeps.use(await sweepWithoutEnd(objects));
    for (let count = 0; count < 400; count++) {
      const sha256 = putObject(objects, "bytes");
      if (!store.linkTo(sha256, target)) continue; // a sweep was faster: it is added again
      linked++;
      expect(readFileSync(target, "utf8")).toBe("bytes");
      unlinkSync(target);
    }
  }
  expect(linked).toBeGreaterThan(0);
  await sweepObjects(objects);
  expect(await listFiles(objects)).toEqual([]);
});
