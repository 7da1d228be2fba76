import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { digestOf } from "./digests.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { assertNoTemporaryFiles, listFiles, readTree } from "./trees.ts";

test("reads a tree through the link at its top, and names links inside", async () => {
  await using directory = await temporaryDirectory();
  mkdirSync(directory.join("real/pool/empty"), { recursive: true });
  writeFileSync(directory.join("real/pool/b.deb"), "b");
  writeFileSync(directory.join("real/Release"), "r");
  symlinkSync("pool/b.deb", directory.join("real/latest"));
  symlinkSync("real", directory.join("current"));
  const tree = await readTree(directory.join("current"));
  expect([...tree]).toEqual([
    ["Release", digestOf("r", "SHA256")],
    ["latest", "-> pool/b.deb"],
    ["pool/b.deb", digestOf("b", "SHA256")],
  ]);
  expect(await listFiles(directory.join("current"))).toEqual(["Release", "latest", "pool/b.deb"]);
});

const leftovers = [
  "a.tmp",
  ".tmp-123",
  "Packages.tmp.17",
  "tmp/a",
  "a.part",
  "current.next",
  "x.new",
  "file~",
];
const innocent = ["Packages.gz", "templates_1.0_all.deb", "hello_1.0~rc1_amd64.deb", "partman/x", "newt.deb"];

test.each(leftovers)("counts %s as unfinished work", async (path) => {
  await using directory = await temporaryDirectory();
  mkdirSync(directory.join("tmp"));
  writeFileSync(directory.join(path), "");
  await expect(assertNoTemporaryFiles(directory.path)).rejects.toThrow(path);
});

test("does not count ordinary files as temporary ones", async () => {
  await using directory = await temporaryDirectory();
  mkdirSync(directory.join("partman"));
  for (const path of innocent) writeFileSync(directory.join(path), "");
  await expect(assertNoTemporaryFiles(directory.path)).resolves.toBeUndefined();
});
