import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import { normalizePath, signatureBytesMax } from "../repository/index.ts";
import { smallFilesOnDisk } from "./tree-on-disk.ts";

const path = normalizePath("InRelease");

async function open() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return { file: directory.join(path), read: () => smallFilesOnDisk(directory.path).read(path) };
}

test("reads a signature file of at most the size that apt reads", async () => {
  const { file, read } = await open();
  expect(read()).toBeUndefined();
  writeFileSync(file, "signed");
  expect(read()).toEqual(Buffer.from("signed"));
  truncateSync(file, signatureBytesMax.InRelease);
  expect(read()).toHaveLength(signatureBytesMax.InRelease);
  truncateSync(file, signatureBytesMax.InRelease + 1);
  expect(read()).toBeUndefined();
});

test("reads no directory", async () => {
  const { file, read } = await open();
  mkdirSync(file);
  expect(read()).toBeUndefined();
});

test("does not wait for a pipe", async () => {
  const { file, read } = await open();
  spawnSync("sh", ["-c", 'mkfifo "$0"', file]);
  const writer = spawn("sh", ["-c", 'echo signed > "$0"', file]); // or a reader would never end
  onTestFinished(() => void writer.kill());
  expect(read()).toBeUndefined();
});
