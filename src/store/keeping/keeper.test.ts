import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { listFiles, temporaryDirectory } from "../../../test/support/index.ts";
import { objectPath } from "../../layout.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import { type Digests, normalizePath } from "../../repository/index.ts";
import { createObjectStore } from "../object-store.ts";
import { PartialFile, type Received } from "../partial-file.ts";
import { Keeper } from "./keeper.ts";
import { KeepingThread } from "./keeping-thread.ts";

const modifiedAt = new Date("2026-05-04T03:02:01Z");

async function open(threads: number) {
  const directory = await temporaryDirectory();
  const objects = directory.join("objects");
  const keeper = new Keeper(createObjectStore(objects), objects);
  if (threads > 0) keeper.expect(100_000, 0);
  onTestFinished(async () => {
    await keeper[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });
  const target = directory.join("tree/new/a");
  return {
    directory,
    keeper,
    target,
    place: () => mkdirSync(dirname(target), { recursive: true }),
    object: (bytes: Buffer) => objectPath(objects, digestsOf(bytes).sha256),
  };
}

function receive(
  path: string,
  bytes: Buffer,
): { readonly partial: PartialFile; readonly received: Received } {
  const partial = PartialFile.open(path);
  partial.begin(0, {});
  partial.write(bytes);
  return { partial, received: partial.finish(modifiedAt) };
}

const listed = (bytes: Buffer, digests: Digests = digestsOf(bytes)) => ({
  path: normalizePath("pool/a.deb"),
  sizeBytes: bytes.length,
  digests,
});

function refusePlace(): never {
  throw new Error("cannot be placed");
}

const sizes: readonly [string, Buffer][] = [
  ["no", Buffer.alloc(0)],
  ["some", Buffer.from("bytes")],
  ["many", Buffer.alloc(600_000, "many ")],
];

describe.each([0, 1])("with %i threads", (threads) => {
  describe.each(sizes)("a file of %s bytes", (_, bytes) => {
    test("that is as listed becomes an object and a file of the tree", async () => {
      const { directory, keeper, target, place, object } = await open(threads);
      const { partial, received } = receive(directory.join("partial/a"), bytes);
      expect(await keeper.keep(received, listed(bytes), target, place)).toBeUndefined();
      partial.close();
      expect(readFileSync(target).equals(bytes)).toBe(true);
      expect(statSync(target)).toMatchObject({
        ino: statSync(object(bytes)).ino,
        nlink: 2,
        mtime: modifiedAt,
      });
      expect(await listFiles(directory.join("partial")).catch(() => [])).toEqual([]);
    });

    test.each([
      ["size", { sizeBytes: bytes.length + 1 }],
      ["weak digest", { digests: { ...digestsOf(bytes), md5: "0".repeat(32) } }],
      ["SHA-256", { digests: digestsOf(Buffer.from("other")) }],
      ["digest", { digests: {} }],
    ])("of another %s is left as it came", async (_what, difference) => {
      const { directory, keeper, target, place, object } = await open(threads);
      const { partial, received } = receive(directory.join("partial/a"), bytes);
      const found = await keeper.keep(received, { ...listed(bytes), ...difference }, target, place);
      expect(found).toMatchObject({ sizeBytes: bytes.length, digests: digestsOf(bytes) });
      expect(readFileSync(partial.moveToFile()).equals(bytes)).toBe(true);
      for (const path of [target, object(bytes)])
        expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
    });
  });

  test("many files do not get the bytes of others", async () => {
    const { directory, keeper, place } = await open(threads);
    const targetOf = (index: number): string => directory.join(`tree/new/${index}`);
    const all = Array.from({ length: 200 }, (_, index) => Buffer.from(`${index} `.repeat(index)));
    await Promise.all(
      all.map(async (bytes, index) => {
        const { partial, received } = receive(directory.join(`partial/${index}`), bytes);
        expect(await keeper.keep(received, listed(bytes), targetOf(index), place)).toBeUndefined();
        partial.close();
      }),
    );
    for (const [index, bytes] of all.entries())
      expect(readFileSync(targetOf(index)).equals(bytes)).toBe(true);
  });

  test("the error of the disk is the caller's", async () => {
    const { directory, keeper, target, place } = await open(threads);
    place();
    writeFileSync(target, "of somebody else");
    const { received } = receive(directory.join("partial/a"), Buffer.from("bytes"));
    const kept = keeper.keep(received, listed(Buffer.from("bytes")), target, place);
    await expect(kept).rejects.toThrow(expect.objectContaining({ code: "PATH_CONFLICT" }));
  });

  test("a file where the directory has to be is an error of who places the file", async () => {
    const { directory, keeper, target } = await open(threads);
    writeFileSync(directory.join("tree"), "of somebody else");
    const { received } = receive(directory.join("partial/a"), Buffer.from("bytes"));
    const kept = keeper.keep(received, listed(Buffer.from("bytes")), target, refusePlace);
    await expect(kept).rejects.toThrow("cannot be placed");
  });
});

test("a thread that dies is an error, also for what waits", async () => {
  const source = `require("node:worker_threads").parentPort.once("message", () => process.exit(3))`;
  await using thread = new KeepingThread("objects", new Worker(source, { eval: true }));
  const file = { path: "/absent", sizeBytes: 1 };
  const asked = [0, 1].map(() => thread.keep(file, listed(Buffer.from("b")), "target"));
  const rejected = {
    status: "rejected",
    reason: expect.objectContaining({ message: expect.stringContaining("ended with status 3") }),
  };
  expect(await Promise.allSettled(asked)).toEqual([rejected, rejected]);
  await expect(thread.keep(file, listed(Buffer.from("b")), "target")).rejects.toThrow("ended with status 3");
});
