import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { listFiles, temporaryDirectory } from "../../test/support/index.ts";
import {
  copyWithTimes,
  makeDirectory,
  makeSymlink,
  openForAppend,
  openNew,
  removeFile,
  writeFully,
} from "./files.ts";
import {
  inodeIfAny,
  listDirectory,
  readBytesIfAny,
  readLinkIfAny,
  statIfAny,
  statLinkIfAny,
  whyNotWritable,
} from "./look.ts";
import { removeTree } from "./remove-tree.ts";
import { freeSpace } from "./space.ts";

async function directoryForTest() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory;
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("makeDirectory", () => {
  test("makes the missing directories above it, and keeps existing ones", async () => {
    const directory = await directoryForTest();
    makeDirectory(directory.join("a/b/c"));
    writeFileSync(directory.join("a/b/c/file"), "");
    makeDirectory(directory.join("a/b/c"));
    expect(await listFiles(directory.path)).toEqual(["a/b/c/file"]);
  });

  test("gives the mode to the last directory only", async () => {
    const directory = await directoryForTest();
    makeDirectory(directory.join("own/state"), 0o700);
    expect(modeOf(directory.join("own"))).toBe(0o755);
    expect(modeOf(directory.join("own/state"))).toBe(0o700);
  });

  test.each(["000", "022", "077"])("keeps private what is private, with umask %s", async (umask) => {
    const directory = await directoryForTest();
    const module = JSON.stringify(new URL("./files.ts", import.meta.url).href);
    // The umask belongs to a whole process, so this one cannot set it.
    const code = `
      process.umask(0o${umask});
      const { makeDirectory, openForAppend } = await import(${module});
      makeDirectory(${JSON.stringify(directory.join("state"))}, 0o700);
      openForAppend(${JSON.stringify(directory.join("state/file"))}, 0o600);`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", code]);
    expect(stderr.toString()).toBe("");
    expect(status).toBe(0);
    expect(modeOf(directory.join("state"))).toBe(0o700);
    expect(modeOf(directory.join("state/file"))).toBe(0o600);
  });
});

describe("reading paths that may not exist", () => {
  test("returns undefined, or nothing, if there is no such name", async () => {
    const directory = await directoryForTest();
    writeFileSync(directory.join("file"), "");
    for (const path of [directory.join("none"), directory.join("file/below")]) {
      expect(readBytesIfAny(path)).toBeUndefined();
      expect(readLinkIfAny(path)).toBeUndefined();
      expect(statLinkIfAny(path)).toBeUndefined();
      expect(statIfAny(path)).toBeUndefined();
      expect(listDirectory(path)).toEqual([]);
    }
  });

  test("fails if the path is something else", async () => {
    const directory = await directoryForTest();
    expect(() => readBytesIfAny(directory.path)).toThrow("EISDIR");
    expect(() => readLinkIfAny(directory.path)).toThrow("EINVAL");
    symlinkSync("loop", directory.join("loop"));
    expect(() => statIfAny(directory.join("loop"))).toThrow("ELOOP");
  });

  test("distinguishes a link from its target", async () => {
    const directory = await directoryForTest();
    makeSymlink("gone", directory.join("link"));
    expect(statLinkIfAny(directory.join("link"))?.isSymbolicLink()).toBe(true);
    expect(statIfAny(directory.join("link"))).toBeUndefined();
  });
});

describe("removing", () => {
  test("accepts a missing path, and refuses a directory as a file", async () => {
    const directory = await directoryForTest();
    removeFile(directory.join("none"));
    await removeTree(directory.join("none"));
    mkdirSync(directory.join("sub"));
    expect(() => removeFile(directory.join("sub"))).toThrow(/EISDIR|EPERM/);
  });

  test("removes links, not their targets", async () => {
    const directory = await directoryForTest();
    mkdirSync(directory.join("kept"));
    mkdirSync(directory.join("tree/pool/main/l/libx"), { recursive: true });
    writeFileSync(directory.join("kept/file"), "");
    writeFileSync(directory.join("tree/pool/main/l/libx/libx.deb"), "");
    symlinkSync(directory.join("kept"), directory.join("tree/pool/main/l/libx/link"));
    symlinkSync(directory.join("kept"), directory.join("tree/link"));
    symlinkSync("kept/file", directory.join("link"));
    removeFile(directory.join("link"));
    await removeTree(directory.join("tree"));
    expect(await listFiles(directory.path)).toEqual(["kept/file"]);
  });

  test("removes names that are not UTF-8, or that contain U+FFFD", async () => {
    const directory = await directoryForTest();
    const tree = directory.join("tree");
    for (const name of ["caf\xe9", Buffer.from("\ufffd").toString("latin1")]) {
      const inside = Buffer.from(`${tree}/pool/${name}`, "latin1");
      mkdirSync(inside, { recursive: true });
      writeFileSync(Buffer.concat([inside, Buffer.from("/file")]), "");
      writeFileSync(Buffer.from(`${tree}/pool/${name}.deb`, "latin1"), "");
    }
    await removeTree(tree);
    expect(existsSync(tree)).toBe(false);
  });
});

describe("writing", () => {
  test("appends, and never through a symbolic link", async () => {
    const directory = await directoryForTest();
    for (const text of ["a", "b"]) {
      const descriptor = openForAppend(directory.join("file"));
      writeFully(descriptor, Buffer.from(text));
      closeSync(descriptor);
    }
    expect(readFileSync(directory.join("file"), "utf8")).toBe("ab");
    symlinkSync("file", directory.join("link"));
    expect(() => openForAppend(directory.join("link"))).toThrow("ELOOP");
    expect(() => openNew(directory.join("file"))).toThrow("EEXIST");
  });

  test("writes all of a large buffer, and only that", async () => {
    const directory = await directoryForTest();
    const bytes = Buffer.alloc(3 << 20, "0123456789");
    const descriptor = openNew(directory.join("file"));
    writeFully(descriptor, bytes.subarray(5));
    closeSync(descriptor);
    expect(readFileSync(directory.join("file")).equals(bytes.subarray(5))).toBe(true);
  });

  test("says that the disk is full when it is", () => {
    const descriptor = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(descriptor));
    expect(() => writeFully(descriptor, Buffer.from("x"))).toThrow(
      "ENOSPC: no space left on device, write '/dev/full'",
    );
  });
});

test("copies bytes and time, and replaces no file", async () => {
  const directory = await directoryForTest();
  const time = new Date("2026-05-04T03:02:01Z");
  writeFileSync(directory.join("a"), "bytes");
  utimesSync(directory.join("a"), time, time);
  copyWithTimes(directory.join("a"), directory.join("b"));
  expect(readFileSync(directory.join("b"), "utf8")).toBe("bytes");
  expect(statSync(directory.join("b")).mtime).toEqual(time);
  expect(statSync(directory.join("b")).ino).not.toBe(statSync(directory.join("a")).ino);
  expect(() => copyWithTimes(directory.join("a"), directory.join("b"))).toThrow("EEXIST");
});

test("distinguishes names of one file from a copy, and a file from its older version", async () => {
  const directory = await directoryForTest();
  const [a, b, c] = [directory.join("a"), directory.join("b"), directory.join("c")];
  writeFileSync(a, "bytes");
  linkSync(a, b);
  writeFileSync(c, "bytes");
  const before = inodeIfAny(a);
  expect(before).toMatchObject({ isFile: true, sizeBytes: 5, names: 2 });
  expect(inodeIfAny(b)).toEqual(before);
  expect(inodeIfAny(c)?.id).not.toBe(before?.id);
  rmSync(b);
  expect(inodeIfAny(a)?.id).toBe(before?.id);
  expect(inodeIfAny(a)?.version).not.toBe(before?.version);
  symlinkSync(a, b);
  expect(inodeIfAny(b)?.isFile).toBe(false);
  expect(inodeIfAny(directory.join("none"))).toBeUndefined();
});

test("returns the free space of the file system of a path", async () => {
  const directory = await directoryForTest();
  const reported = spawnSync("df", ["--output=avail", "-B1", directory.path]).stdout.toString();
  const expected = Number(reported.split("\n")[1]);
  // Others write meanwhile.
  expect(Math.abs(freeSpace(directory.path).bytes - expected)).toBeLessThan(expected / 10);
  expect(freeSpace(directory.join("none/at/all"))).toMatchObject({ bytes: expect.any(Number) });
});

test("fails to make directories below a dangling link", async () => {
  const directory = await directoryForTest();
  symlinkSync("nothing", directory.join("dangling"));
  for (const mode of [0o755, 0o700])
    expect(() => makeDirectory(directory.join("dangling/b/c"), mode)).toThrow(
      expect.objectContaining({ code: "ENOENT", path: directory.join("dangling/b") }),
    );
});

test("finds an own directory writable, and a missing one not", async () => {
  const directory = await directoryForTest();
  expect(whyNotWritable(directory.path)).toBeUndefined();
  expect(whyNotWritable(directory.join("none"))).toBe("denied");
});
