import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { acquireLock } from "./lock.ts";
import {
  findWriter,
  formatLockHolder,
  parseLockHolder,
  readKernelLocksOnce,
  readLockState,
} from "./lock-holder.ts";

async function lockPath(): Promise<string> {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory.join("locks/noble.lock");
}

const ada = { who: "ada", verb: "sync", pid: process.pid };
const request = { holder: formatLockHolder(ada), what: "mirror noble" };

describe("the state of a lock", () => {
  test("is free before and after it was held, whatever file is left", async () => {
    const path = await lockPath();
    expect(readLockState(path)).toEqual({ kind: "free" });
    acquireLock(path, request).release();
    expect(readdirSync(dirname(path))).toContain("noble.lock.holder");
    expect(readLockState(path)).toEqual({ kind: "free" });
  });

  test("is held by the process that the kernel lists, since the file was written", async () => {
    const path = await lockPath();
    using _lock = acquireLock(path, request);
    const since = statSync(`${path}.holder`).mtime;
    expect(readLockState(path)).toEqual({ kind: "held", pid: process.pid, holder: { ...ada, since } });
  });

  test("names nobody if the file beside it names another process", async () => {
    const path = await lockPath();
    using _lock = acquireLock(path, request);
    const unknown = { kind: "held", pid: process.pid, holder: undefined };
    for (const text of ["bob: sync (process 1)\n", "", "something else"]) {
      writeFileSync(`${path}.holder`, text);
      expect(readLockState(path)).toEqual(unknown);
    }
  });

  test("is that of the first look, if the locks are read once for many", async () => {
    const [path, other] = [await lockPath(), await lockPath()];
    const readLocks = readKernelLocksOnce();
    using _lock = acquireLock(path, request);
    expect(readLockState(path, readLocks)).toMatchObject({ kind: "held" });
    const later = acquireLock(other, request);
    expect(readLockState(other, readLocks)).toEqual({ kind: "free" });
    later.release();
  });

  test("is read without touching the lock or any file", async () => {
    const path = await lockPath();
    const lock = acquireLock(path, request);
    const before = readdirSync(dirname(path));
    readLockState(path);
    expect(() => acquireLock(path, request)).toThrow("is locked by ada: sync");
    expect(readdirSync(dirname(path))).toEqual(before);
    lock.release();
    expect(readFileSync(path).length).toBe(0);
  });
});

describe("the kernel's list of locks", () => {
  const file = { device: 0xfe00n, inode: 9_986_156n };
  test.each<[string, string, number | undefined]>([
    ["an exclusive transaction", "5: POSIX  ADVISORY  WRITE 1978 fe:00:9986156 1073741824 1073742335", 1978],
    ["a lock to the end", "5: POSIX  ADVISORY  WRITE 1978 fe:00:9986156 0 EOF", 1978],
    ["one who reads", "5: POSIX  ADVISORY  READ 1978 fe:00:9986156 1073741826 1073742335", undefined],
    ["one who waits", "5: -> POSIX  ADVISORY  WRITE 1978 fe:00:9986156 1073741824 1073742335", undefined],
    ["another file", "5: POSIX  ADVISORY  WRITE 1978 fe:00:9986157 1073741824 1073742335", undefined],
    ["other bytes", "5: POSIX  ADVISORY  WRITE 1978 fe:00:9986156 0 100", undefined],
    ["flock", "5: FLOCK  ADVISORY  WRITE 1978 fe:00:9986156 0 EOF", undefined],
    ["another device", "5: POSIX  ADVISORY  WRITE 1978 00:1b:9986156 1073741824 1073742335", undefined],
    [
      "another device, as on btrfs, by the process that is expected",
      "5: POSIX  ADVISORY  WRITE 42 00:1b:9986156 1073741824 1073742335",
      42,
    ],
    ["nothing", "", undefined],
  ])("%s", (_what, line, pid) => {
    const others = "1: POSIX  ADVISORY  WRITE 7 fe:00:1 1073741824 1073742335\n";
    expect(findWriter(`${others}${line}\n${others}`, file, 42)).toBe(pid);
  });

  test("has devices as makedev(3) puts them together", () => {
    const line = "1: POSIX  ADVISORY  WRITE 7 103:abcde:5 1073741824 1073742335\n";
    const device = (0x103n << 8n) | 0xden | (0xabc00n << 12n);
    expect(findWriter(line, { device, inode: 5n }, undefined)).toBe(7);
  });
});

test("reads the holder that was written", () => {
  const anyText = fc.stringMatching(/^[ -~é]+$/).filter((text) => text.trim() === text);
  const anyHolder = fc.record({
    who: anyText,
    verb: fc.constantFrom("sync", "snapshot create"),
    pid: fc.nat(),
  });
  fc.assert(
    fc.property(anyHolder, (holder) => {
      expect(parseLockHolder(formatLockHolder(holder))).toEqual(holder);
    }),
  );
  expect(parseLockHolder("another process")).toBeUndefined();
});
