import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { diskParent, listFiles, temporaryDirectory } from "../../test/support/index.ts";
import { openMendingRoom, ownCarried } from "./mend.ts";
import { directoryForTest } from "./test-support.ts";
import { readCarried, writeCarried } from "./trees/carried.ts";

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

test("replaces one name in one rename, and leaves nothing beside the trees", async () => {
  const directory = await directoryForTest();
  write(directory.join("one/pool/a.deb"), "damaged");
  mkdirSync(directory.join("two"));
  linkSync(directory.join("one/pool/a.deb"), directory.join("two/a.deb"));
  write(directory.join(".mended.draft/left"), "by a killed run");
  write(directory.join("whole"), "whole");
  const room = await openMendingRoom(directory.path);
  const staged = room.stage(directory.join("whole"), "0");
  for (const path of ["one/pool/a.deb", "one/pool/b.deb", "one/new/c.deb", "one/pool/a.deb"])
    room.replace(staged, directory.path, path);
  await room.close();
  const { ino } = statSync(directory.join("whole"));
  for (const path of ["one/pool/a.deb", "one/pool/b.deb", "one/new/c.deb"])
    expect(statSync(directory.join(path)).ino).toBe(ino);
  expect(readFileSync(directory.join("two/a.deb"), "utf8")).toBe("damaged");
  expect(await listFiles(directory.path)).toEqual([
    "one/new/c.deb",
    "one/pool/a.deb",
    "one/pool/b.deb",
    "two/a.deb",
    "whole",
  ]);
});

test("on another file system, replaces names with one copy, with upstream's time", async () => {
  const directory = await directoryForTest();
  await using elsewhere = await temporaryDirectory("repair-", diskParent);
  write(directory.join("whole"), "whole");
  const time = new Date("2026-05-04T03:02:01Z");
  utimesSync(directory.join("whole"), time, time);
  const room = await openMendingRoom(elsewhere.path);
  const staged = room.stage(directory.join("whole"), "0");
  for (const path of ["one/a.deb", "two/a.deb"]) room.replace(staged, elsewhere.path, path);
  await room.close();
  const [one, two] = [statSync(elsewhere.join("one/a.deb")), statSync(elsewhere.join("two/a.deb"))];
  expect(one).toMatchObject({ ino: two.ino, nlink: 2, mtime: time });
  expect(one.dev).not.toBe(statSync(directory.path).dev);
});

test("no longer carries a file that becomes the tree's own, only the others", async () => {
  const directory = await directoryForTest();
  const tree = directory.join("one");
  const until = new Date("2026-05-05T00:00:00Z");
  writeCarried(
    tree,
    new Map([
      ["a.deb", until],
      ["b.deb", until],
    ]),
  );
  ownCarried(tree, "a.deb");
  ownCarried(tree, "c.deb");
  expect([...readCarried(tree)]).toEqual([["b.deb", until]]);
});

test("writes nothing through a link in a tree", async () => {
  const directory = await directoryForTest();
  write(directory.join("theirs/a.deb"), "theirs");
  mkdirSync(directory.join("one"));
  symlinkSync(directory.join("theirs"), directory.join("one/pool"));
  write(directory.join("whole"), "whole");
  const room = await openMendingRoom(directory.path);
  const staged = room.stage(directory.join("whole"), "0");
  for (const path of ["pool/a.deb", "pool/new/b.deb"])
    expect(() => room.replace(staged, directory.join("one"), path)).toThrow("one/pool is a link");
  await room.close();
  expect(await listFiles(directory.join("theirs"))).toEqual(["a.deb"]);
  expect(readFileSync(directory.join("theirs/a.deb"), "utf8")).toBe("theirs");
});
