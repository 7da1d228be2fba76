import {
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  diskParent,
  listFiles,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../../test/support/index.ts";
import { hasCode } from "../errors.ts";
import { objectPath } from "../layout.ts";
import { digestsOf } from "../platform/running-digests.ts";
import type { ReceivedBytes } from "./adopt.ts";
import { createObjectStore } from "./object-store.ts";
import { putObject, sweepWithoutEnd } from "./test-support.ts";

async function openStore(parent?: string) {
  const directory: TemporaryDirectory = await temporaryDirectory("mirrorctl-test-", parent);
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const objects = directory.join("objects");
  mkdirSync(directory.join("tree"));
  return { objects, directory, store: createObjectStore(objects) };
}

/** Enough for every order of two of their steps and one of ours. */
const rounds = 400;

const absent = digestsOf(Buffer.from("absent")).sha256;

describe("mayHold", () => {
  test("says which objects have a directory at the moment of the call", async () => {
    const { objects, store } = await openStore();
    expect(store.mayHold()(absent)).toBe(false);
    const sha256 = putObject(objects, "bytes");
    const mayHold = store.mayHold();
    expect([sha256, absent].map(mayHold)).toEqual([true, false]);
    mkdirSync(dirname(objectPath(objects, absent)));
    expect(mayHold(absent)).toBe(false);
    expect(store.mayHold()(absent)).toBe(true);
  });
});

describe("linkTo", () => {
  test("makes the target another name of the object", async () => {
    const { directory, objects, store } = await openStore();
    const sha256 = putObject(objects, "bytes");
    expect(store.linkTo(sha256, directory.join("tree/a"))).toBe(true);
    expect(statSync(directory.join("tree/a")).ino).toBe(statSync(objectPath(objects, sha256)).ino);
  });

  test("returns false for an object that is not held, and makes nothing", async () => {
    const { directory, store } = await openStore();
    const place = vi.fn<() => string>();
    expect(store.linkTo(absent, directory.join("tree/a"))).toBe(false);
    expect(store.linkTo(absent, place)).toBe(false);
    expect(place).not.toHaveBeenCalled();
    expect(await listFiles(directory.path)).toEqual([]);
  });

  test("leaves a target that is this object already", async () => {
    const { directory, objects, store } = await openStore();
    const sha256 = putObject(objects, "bytes");
    store.linkTo(sha256, directory.join("tree/a"));
    expect(store.linkTo(sha256, directory.join("tree/a"))).toBe(true);
    expect(statSync(directory.join("tree/a")).nlink).toBe(2);
  });

  test("removes the name of an object of another size", async () => {
    const { directory, objects, store } = await openStore();
    const sha256 = putObject(objects, "bytes");
    truncateSync(objectPath(objects, sha256), 0);
    expect(store.disownedAtMs()).toBe(0);
    expect(store.linkTo(sha256, directory.join("tree/a"), 5)).toBe(false);
    expect(await listFiles(directory.path)).toEqual(["objects/.disowned"]);
    expect(store.disownedAtMs()).toBeGreaterThan(0);
  });

  test("refuses a target with other bytes, and changes neither it nor the object", async () => {
    const { directory, objects, store } = await openStore();
    const [first, second] = [putObject(objects, "first"), putObject(objects, "second")];
    store.linkTo(first, directory.join("tree/a"));
    for (const sizeBytes of [undefined, 5, 6]) {
      expect(() => store.linkTo(second, directory.join("tree/a"), sizeBytes)).toThrow(
        expect.objectContaining({ code: "PATH_CONFLICT" }),
      );
    }
    expect(readFileSync(directory.join("tree/a"), "utf8")).toBe("first");
    expect(store.has(second)).toBe(true);
  });

  test("removes a symbolic link that has the name of an object", async () => {
    const { directory, objects, store } = await openStore();
    const sha256 = putObject(objects, "bytes");
    writeFileSync(directory.join("elsewhere"), "bytes");
    unlinkSync(objectPath(objects, sha256));
    symlinkSync(directory.join("elsewhere"), objectPath(objects, sha256));
    expect(store.linkTo(sha256, directory.join("tree/a"))).toBe(false);
    expect(await listFiles(directory.path)).toEqual(["elsewhere", "objects/.disowned"]);
  });

  test("refuses a target that is a directory", async () => {
    const { directory, objects, store } = await openStore();
    const sha256 = putObject(objects, "bytes");
    mkdirSync(directory.join("tree/a"));
    expect(() => store.linkTo(sha256, directory.join("tree/a"))).toThrow(
      expect.objectContaining({ code: "PATH_CONFLICT" }),
    );
  });

  // 65,000 names take a busy disk a while.
  test("makes a copy if the file has all names that the file system allows", {
    timeout: 120_000,
  }, async () => {
    const { directory, objects, store } = await openStore(diskParent);
    const sha256 = putObject(objects, "bytes of a package that is everywhere");
    const object = objectPath(objects, sha256);
    useUpNames(object, directory.join("names"));
    const inodeBefore = statSync(object).ino;
    const upstreamsTime = new Date("2026-05-04T03:02:01Z");
    utimesSync(object, upstreamsTime, upstreamsTime);

    expect(store.linkTo(sha256, directory.join("tree/a"))).toBe(true);
    expect(store.linkTo(sha256, directory.join("tree/b"))).toBe(true);

    const target = statSync(directory.join("tree/a"));
    expect(readFileSync(directory.join("tree/a"), "utf8")).toBe("bytes of a package that is everywhere");
    expect(target.mtime).toEqual(upstreamsTime);
    expect(target.ino).not.toBe(inodeBefore);
    expect([statSync(object).ino, statSync(directory.join("tree/b")).ino]).toEqual([target.ino, target.ino]);
    expect(await listFiles(objects)).toHaveLength(1);
  });
});

/** Gives a file names in a new directory until it can have no more: 65,000 on ext4. */
function useUpNames(path: string, directory: string): void {
  mkdirSync(directory);
  for (let count = 0; count < 70_000; count++) {
    try {
      linkSync(path, `${directory}/${count}`);
    } catch (error) {
      if (hasCode(error, "EMLINK")) return;
      throw error;
    }
  }
  throw new Error("this file system allows any number of names: put TMPDIR on ext4");
}

const modifiedAt = new Date("2026-05-04T03:02:01Z");
const { sha256: sha256OfBytes } = digestsOf(Buffer.from("bytes"));

describe.each(["a file", "memory"])("adopt, of bytes in %s,", (where) => {
  /** "bytes", verified. */
  function verified(directory: TemporaryDirectory): ReceivedBytes {
    if (where === "memory") return { bytes: Buffer.from("bytes"), modifiedAt };
    const path = directory.join("download");
    writeFileSync(path, "bytes");
    utimesSync(path, modifiedAt, modifiedAt);
    return { path, sizeBytes: 5 };
  }

  test("replaces a damaged object of that name, which other trees keep", async () => {
    const { directory, objects, store } = await openStore();
    const sha256 = putObject(objects, "bytes");
    store.linkTo(sha256, directory.join("tree/old"));
    truncateSync(objectPath(objects, sha256), 0);
    store.adopt(verified(directory), sha256, directory.join("tree/new"));
    expect(readFileSync(directory.join("tree/new"), "utf8")).toBe("bytes");
    expect(readFileSync(objectPath(objects, sha256), "utf8")).toBe("bytes");
    expect(statSync(directory.join("tree/old")).size).toBe(0);
  });

  test("names the bytes as an object, with their time, and links them", async () => {
    const { directory, objects, store } = await openStore();
    const sha256 = sha256OfBytes;
    store.adopt(verified(directory), sha256, directory.join("tree/a"));

    expect(store.has(sha256)).toBe(true);
    expect(store.has(absent)).toBe(false);
    expect(await listFiles(directory.path)).toEqual([`objects/${sha256.slice(0, 2)}/${sha256}`, "tree/a"]);
    expect(readFileSync(directory.join("tree/a"), "utf8")).toBe("bytes");
    expect(statSync(directory.join("tree/a"))).toMatchObject({ mtime: modifiedAt, nlink: 2 });
    expect(statSync(directory.join("tree/a")).ino).toBe(statSync(objectPath(objects, sha256)).ino);
  });

  test("links the object that another mirror has added meanwhile", async () => {
    const { directory, objects, store } = await openStore();
    const sha256 = putObject(objects, "bytes");
    const { ino } = statSync(objectPath(objects, sha256));
    store.adopt(verified(directory), sha256, directory.join("tree/a"));

    expect(statSync(directory.join("tree/a")).ino).toBe(ino);
    expect(await listFiles(directory.path)).toHaveLength(2);
  });

  test("leaves a target that is this object already", async () => {
    const { directory, objects, store } = await openStore();
    const sha256 = putObject(objects, "bytes");
    store.linkTo(sha256, directory.join("tree/a"));
    store.adopt(verified(directory), sha256, directory.join("tree/a"));
    expect(statSync(directory.join("tree/a")).nlink).toBe(2);
  });

  test.each([
    ["other bytes", (path: string) => writeFileSync(path, "other")],
    ["a directory", (path: string) => mkdirSync(path)],
    ["a symbolic link", (path: string) => symlinkSync("elsewhere", path)],
  ])("refuses a target that is %s, and leaves it", async (_, occupy) => {
    const { directory, store } = await openStore();
    const target = directory.join("tree/a");
    occupy(target);
    const before = lstatSync(target);
    expect(() => store.adopt(verified(directory), sha256OfBytes, target)).toThrow(
      expect.objectContaining({ code: "PATH_CONFLICT" }),
    );
    expect(lstatSync(target)).toMatchObject({ ino: before.ino, size: before.size });
    expect((await listFiles(directory.path)).includes("tree/elsewhere")).toBe(false);
  });

  test("keeps the file, if any, if the tree has no such directory", async () => {
    const { directory, store } = await openStore();
    const bytes = verified(directory);
    const before = await listFiles(directory.path);
    expect(() => store.adopt(bytes, sha256OfBytes, directory.join("none/a"))).toThrow("ENOENT");
    expect(await listFiles(directory.path)).toEqual(expect.arrayContaining(before));
  });

  test("links every file while two other processes sweep the store", async () => {
    const { directory, objects, store } = await openStore();
    {
      await using sweeps = new AsyncDisposableStack();
      for (let count = 0; count < 2; count++) sweeps.use(await sweepWithoutEnd(objects));
      for (let count = 0; count < rounds; count++) {
        const sha256 = putObject(objects, "bytes"); // no tree holds it: the sweeps try to remove it
        store.adopt(verified(directory), sha256, directory.join("tree/a"));
        expect(readFileSync(directory.join("tree/a"), "utf8")).toBe("bytes");
        unlinkSync(directory.join("tree/a"));
      }
    }
    expect((await listFiles(objects)).filter((path) => path.includes("."))).toEqual([]);
  });
});
