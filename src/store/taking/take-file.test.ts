import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { diskParent, listFiles, temporaryDirectory } from "../../../test/support/index.ts";
import { objectPath } from "../../layout.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import { type Digests, type ListedFile, normalizePath } from "../../repository/index.ts";
import { createObjectStore } from "../object-store.ts";
import { FileTaker } from "./take-file.ts";
import type { TakeOutcome } from "./taking.ts";

const small = Buffer.from("the bytes of a small package");
const large = Buffer.alloc(1_500_000, "the bytes of a large package ");

async function open({ link = false, foreignParent }: { link?: boolean; foreignParent?: string } = {}) {
  const own = await temporaryDirectory();
  const foreign = await temporaryDirectory("mirrorctl-foreign-", foreignParent);
  onTestFinished(async () => {
    await own[Symbol.asyncDispose]();
    await foreign[Symbol.asyncDispose]();
  });
  const objects = own.join("objects");
  mkdirSync(own.join("tree"));
  const target = own.join("tree/a.deb");
  const store = createObjectStore(objects);
  const aside = own.join("aside");
  const taker = new FileTaker(store, { aside, link });
  const copier = new FileTaker(store, { aside, link: false });
  const from = foreign.join("found.deb");
  return {
    from,
    target,
    other: foreign.join("other.deb"),
    /** The files of the store: the tree, objects, and what is unfinished. */
    files: () => listFiles(own.path),
    objectOf: (bytes: Buffer) => objectPath(objects, digestsOf(bytes).sha256),
    steps: (listed: ListedFile, path = from) => taker.take({ from: path, listed, target }),
    copy: (listed: ListedFile, path: string) => finish(copier.take({ from: path, listed, target })),
    take: (listed: ListedFile, path = from) => finish(taker.take({ from: path, listed, target })),
  };
}

function finish(steps: Generator<number, TakeOutcome>): TakeOutcome {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const listed = (bytes: Buffer, digests: Digests = { sha256: digestsOf(bytes).sha256 }): ListedFile => ({
  path: normalizePath("pool/a.deb"),
  sizeBytes: bytes.length,
  digests,
});

/** What must not change of somebody else's file. */
function facts(path: string) {
  const { ino, size, mode, uid, gid, mtimeMs, nlink } = lstatSync(path);
  return { ino, size, mode, uid, gid, mtimeMs, nlink };
}

describe.each([
  ["small", small],
  ["large", large],
])("a %s file", (_, bytes) => {
  test("is copied: the object is another file, with its time, that all may read", async () => {
    const site = await open();
    writeFileSync(site.from, bytes, { mode: 0o600 });
    utimesSync(site.from, 1_700_000_000, 1_700_000_000);
    const before = facts(site.from);
    expect(site.take(listed(bytes))).toEqual({ kind: "taken", way: "copied", sizeBytes: bytes.length });
    expect(facts(site.from)).toEqual(before);
    const { ino, mode, mtimeMs, nlink } = statSync(site.target);
    expect({ mode: mode & 0o7777, mtimeMs, nlink }).toEqual({
      mode: 0o644,
      mtimeMs: 1_700_000_000_000,
      nlink: 2,
    });
    expect(ino).not.toBe(before.ino);
    expect(statSync(site.objectOf(bytes)).ino).toBe(ino);
    expect(readFileSync(site.target).equals(bytes)).toBe(true);
    expect(await site.files()).toHaveLength(2);
  });

  test.each([false, true])("is not taken with other bytes of the same size (link: %s)", async (link) => {
    const site = await open({ link });
    const other = Buffer.from(bytes).fill("x", bytes.length - 1);
    writeFileSync(site.from, other, { mode: 0o600 });
    const before = facts(site.from);
    expect(site.take(listed(bytes))).toMatchObject({
      kind: "different",
      found: { digests: { sha256: digestsOf(other).sha256 } },
    });
    expect(facts(site.from)).toEqual(before);
    expect(await site.files()).toEqual([]);
  });

  test.each([false, true])("is compared with every listed digest (link: %s)", async (link) => {
    const site = await open({ link });
    writeFileSync(site.from, bytes);
    const { sha256 } = digestsOf(bytes);
    const found = site.take(listed(bytes, { sha256, md5: "0".repeat(32) }));
    expect(found).toMatchObject({ kind: "different", found: { digests: { sha256 } } });
    expect(await site.files()).toEqual([]);
  });

  test("is linked where that is asked for: the object is the same file", async () => {
    const site = await open({ link: true });
    writeFileSync(site.from, bytes, { mode: 0o664 });
    chmodSync(site.from, 0o664);
    const before = facts(site.from);
    expect(site.take(listed(bytes))).toEqual({ kind: "taken", way: "linked", sizeBytes: bytes.length });
    expect(facts(site.from)).toEqual({ ...before, mode: 0o100644, nlink: 3 });
    expect(statSync(site.objectOf(bytes)).ino).toBe(before.ino);
    expect(await site.files()).toHaveLength(2);
  });

  test("is copied from another file system, also where links are asked for", async () => {
    const site = await open({ link: true, foreignParent: diskParent });
    writeFileSync(site.from, bytes);
    expect(site.take(listed(bytes))).toMatchObject({ kind: "taken", way: "copied" });
    expect(statSync(site.from).nlink).toBe(1);
  });
});

describe("somebody changes the file while it is taken:", () => {
  const other = Buffer.alloc(large.length, "other bytes ");

  test.each([
    ["it is cut off", (path: string) => truncateSync(path, 300_000)],
    ["it grows", (path: string) => writeFileSync(path, "more", { flag: "a" })],
    ["it is written over", (path: string) => writeFileSync(path, other, { flag: "r+" })],
  ])("%s, and is not taken", async (_what, change) => {
    const site = await open();
    writeFileSync(site.from, large);
    const steps = site.steps(listed(large));
    expect(steps.next().done).toBe(false);
    change(site.from);
    expect(finish(steps)).toMatchObject({ kind: "different" });
    expect(await site.files()).toEqual([]);
  });

  test.each([
    [
      "another file gets its name",
      (path: string) => {
        writeFileSync(`${path}.new`, other);
        renameSync(`${path}.new`, path);
      },
    ],
    ["it is removed", (path: string) => rmSync(path)],
  ])("%s: the file that was opened is taken", async (_what, change) => {
    const site = await open();
    writeFileSync(site.from, large);
    const steps = site.steps(listed(large));
    steps.next();
    change(site.from);
    expect(finish(steps)).toMatchObject({ kind: "taken" });
    expect(readFileSync(site.objectOf(large)).equals(large)).toBe(true);
  });

  test("a linked file is hashed again once nobody else may write to it", async () => {
    const site = await open({ link: true });
    writeFileSync(site.from, small, { mode: 0o666 });
    chmodSync(site.from, 0o666);
    const steps = site.steps(listed(small));
    steps.next(); // the bytes are read
    writeFileSync(site.from, Buffer.alloc(small.length, "x"), { flag: "r+" });
    expect(finish(steps)).toMatchObject({ kind: "different" });
    expect(await site.files()).toEqual([]);
  });
});

describe.each([false, true])("what is not a file is neither taken nor waited for (link: %s):", (link) => {
  const notTaken = expect.stringMatching(/^(?:different|unreadable)$/);

  test.each([
    ["a pipe", (path: string) => execFileSync("sh", ["-c", 'mkfifo "$0"', path])],
    ["a directory", (path: string) => mkdirSync(path)],
    [
      "a symbolic link to a right file",
      (path: string) => {
        writeFileSync(`${path}.right`, small);
        symlinkSync(`${path}.right`, path);
      },
    ],
    ["a symbolic link to a device", (path: string) => symlinkSync("/dev/zero", path)],
    ["nothing", () => undefined],
  ])("%s", async (_what, make) => {
    const site = await open({ link });
    make(site.from);
    expect(site.take(listed(small)).kind).toEqual(notTaken);
    expect(site.take({ ...listed(small), sizeBytes: 0 }).kind).toEqual(notTaken);
    expect(await site.files()).toEqual([]);
  });
});

test("a link that a killed run left is not written to", async () => {
  const site = await open({ link: true });
  writeFileSync(site.from, small);
  site.steps(listed(small)).next(); // and is killed here
  expect(statSync(site.from).nlink).toBe(2);
  writeFileSync(site.other, large.subarray(0, small.length));
  expect(site.copy(listed(small), site.other)).toMatchObject({ kind: "different" });
  expect(readFileSync(site.from).equals(small)).toBe(true);
  expect(await site.files()).toEqual([]);
});

test("an object that is held already stays as it is", async () => {
  const site = await open();
  writeFileSync(site.from, small);
  site.take(listed(small));
  const { ino } = statSync(site.target);
  rmSync(site.target);
  expect(site.take(listed(small))).toMatchObject({ kind: "taken" });
  expect(statSync(site.target).ino).toBe(ino);
});
