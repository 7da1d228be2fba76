import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readIdentities, temporaryDirectory } from "../../test/support/index.ts";
import { canHaveHardLinks, tryHardLink } from "./hard-links.ts";

async function directoryForTest() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory;
}

test("tries a link between two directories, and leaves no file", async () => {
  const directory = await directoryForTest();
  for (const name of ["a", "b"]) mkdirSync(directory.join(name));
  for (const path of ["a/.probe", "b/.probe.link"]) writeFileSync(directory.join(path), "left");
  expect(tryHardLink(directory.join("a"), directory.join("b"), ".probe")).toBe("works");
  for (const path of ["a/.probe", "b/.probe.link"]) expect(existsSync(directory.join(path))).toBe(false);
});

/** /dev/shm is another file system on every usual Linux; where it is not, the link works. */
test("reports that a link to another file system does not work", async () => {
  const directory = await directoryForTest();
  const elsewhere = await mkdtemp("/dev/shm/mirrorctl-test-");
  onTestFinished(() => rm(elsewhere, { recursive: true }));
  const isOther = (await stat(elsewhere)).dev !== (await stat(directory.path)).dev;
  expect(tryHardLink(directory.path, elsewhere, ".probe")).toBe(isOther ? "other-file-system" : "works");
  expect(readIdentities(elsewhere)?.size).toBe(1);
});

test("knows that usual file systems have hard links, also for a missing path", async () => {
  const directory = await directoryForTest();
  const before = readIdentities(directory.path);
  expect(canHaveHardLinks(directory.path, true)).toBe(true);
  expect(canHaveHardLinks(join(directory.path, "none/at/all"), false)).toBe(true);
  expect(readIdentities(directory.path)).toEqual(before);
});

test("does not know of a directory in which no file can be made", () => {
  expect(canHaveHardLinks("/proc/none/at/all", true)).toBeUndefined();
});
