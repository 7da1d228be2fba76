import { createHash } from "node:crypto";
import { linkSync, rmSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../../test/support/index.ts";
import { type Inode, inodeIfAny } from "../../../platform/look.ts";
import { type ListedFile, normalizePath } from "../../../repository/index.ts";
import { InodeDigests } from "./inode-digests.ts";

async function open() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const controller = new AbortController();
  const digests = new InodeDigests(controller.signal, () => undefined);
  return { path: directory.join("a.deb"), other: directory.join("b.deb"), controller, digests };
}

const digestOf = (algorithm: string, text: string): string =>
  createHash(algorithm).update(text).digest("hex");

const listed = (text: string): ListedFile => ({
  path: normalizePath("pool/a.deb"),
  sizeBytes: text.length,
  digests: { sha256: digestOf("sha256", text), md5: digestOf("md5", text) },
});

function inodeOf(path: string): Inode {
  const inode = inodeIfAny(path);
  if (inode === undefined) throw new Error(`${path} is missing`);
  return inode;
}

test("reads a file once for all its names, and again for a digest of a new algorithm", async () => {
  const { path, other, digests } = await open();
  writeFileSync(path, "bytes");
  linkSync(path, other);
  const file = listed("bytes");
  expect(
    await Promise.all([path, other].map((name) => digests.problemOf(name, inodeOf(name), file))),
  ).toEqual([undefined, undefined]);
  expect(
    await digests.problemOf(path, inodeOf(path), { ...file, digests: listed("other").digests }),
  ).toMatchObject({ kind: "digest-differs", algorithm: "sha256" });
  expect(digests.readBytes).toBe(5);
  const strong = { ...file, digests: { ...file.digests, sha512: digestOf("sha512", "bytez") } };
  expect(digests.knows(inodeOf(path), strong.digests)).toBe(false);
  expect(await digests.problemOf(path, inodeOf(path), strong)).toMatchObject({
    kind: "digest-differs",
    algorithm: "sha512",
  });
  expect(digests.readBytes).toBe(10);
});

test("reads a file again when its bytes have changed under the same inode number", async () => {
  const { path, digests } = await open();
  writeFileSync(path, "bytes");
  const before = inodeOf(path);
  expect(await digests.problemOf(path, before, listed("bytes"))).toBeUndefined();
  // Times of a file system change every few milliseconds.
  for (let tries = 0; tries < 100_000 && inodeOf(path).version === before.version; tries++)
    writeFileSync(path, "other");
  expect(inodeOf(path).id).toBe(before.id);
  expect(await digests.problemOf(path, inodeOf(path), listed("bytes"))).toMatchObject({
    kind: "digest-differs",
  });
});

test("reports a file that cannot be read as damaged, but not an interruption", async () => {
  const { path, controller, digests } = await open();
  writeFileSync(path, "bytes");
  const inode = inodeOf(path);
  rmSync(path);
  expect(await digests.problemOf(path, inode, listed("bytes"))).toMatchObject({
    kind: "unreadable",
    reason: expect.stringMatching(/^ENOENT/),
  });
  writeFileSync(path, "bytes");
  controller.abort(new Error("interrupted"));
  await expect(digests.problemOf(path, inodeOf(path), listed("bytes"))).rejects.toThrow("interrupted");
});
