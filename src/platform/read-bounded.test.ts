import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import { readBounded } from "./read-bounded.ts";

async function openDirectory() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory;
}

test("reads a file up to the limit, and no byte more", async () => {
  const path = (await openDirectory()).join("file");
  writeFileSync(path, Buffer.alloc(100_000, "a"));
  expect(readBounded(path, 100_000)).toEqual(Buffer.alloc(100_000, "a"));
  expect(() => readBounded(path, 99_999)).toThrow("EFBIG");
});

test("ends at the limit of a device without end", () => {
  expect(() => readBounded("/dev/zero", 1_000_000)).toThrow("EFBIG");
});

test("does not wait for the writer of a pipe", async () => {
  const path = (await openDirectory()).join("pipe");
  execFileSync("sh", ["-c", 'mkfifo "$0"', path]);
  expect(() => readBounded(path, 10)).toThrow("ENXIO");
});

test("throws the errors of the system", async () => {
  const path = (await openDirectory()).join("folder");
  mkdirSync(path);
  expect(() => readBounded(path, 10)).toThrow("EISDIR");
  expect(() => readBounded(join(path, "absent"), 10)).toThrow("ENOENT");
});
