import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { listFiles, temporaryDirectory } from "../../../test/support/index.ts";
import { objectPath } from "../../layout.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import { normalizePath, RepositoryError } from "../../repository/index.ts";
import { type TakingOptions, takeFiles } from "./take-files.ts";
import type { Taking } from "./taking.ts";

const signal = new AbortController().signal;

async function open(threads: number) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  mkdirSync(directory.join("tree"));
  mkdirSync(directory.join("found"));
  let readBytes = 0;
  const options: TakingOptions = {
    objects: directory.join("objects"),
    aside: directory.join("aside"),
    link: false,
    threads,
    onRead: (sizeBytes) => {
      readBytes += sizeBytes;
    },
  };
  return {
    directory,
    options,
    readBytes: () => readBytes,
    /** A found file, and the taking of it as what `listed` is. */
    found(name: string, bytes: Buffer, listed = bytes): Taking {
      const from = directory.join("found", name);
      writeFileSync(from, bytes);
      const { sha256 } = digestsOf(listed);
      return {
        from,
        listed: { path: normalizePath(name), sizeBytes: listed.length, digests: { sha256 } },
        target: directory.join("tree", name),
      };
    },
    async take(takings: readonly Taking[]) {
      const outcomes = [];
      for await (const each of takeFiles(takings, signal, options)) outcomes.push(each);
      return outcomes;
    },
  };
}

describe.each([0, 1, 3])("with %i threads", (threads) => {
  test("files are taken in their order, and each has its own bytes", async () => {
    const site = await open(threads);
    const sizes = [
      0,
      1,
      255 << 10,
      256 << 10,
      257 << 10,
      5 << 20,
      ...Array.from({ length: 500 }, (_, n) => 60 + n),
    ];
    const all = sizes.map((size, index) => ({ name: String(index), bytes: Buffer.alloc(size, `${index} `) }));
    const takings = all.map(({ name, bytes }) => site.found(name, bytes));
    const outcomes = await site.take(takings);
    expect(outcomes).toEqual(
      takings.map((taking) => [taking, { kind: "taken", way: "copied", sizeBytes: taking.listed.sizeBytes }]),
    );
    for (const { name, bytes } of all) {
      expect(readFileSync(site.directory.join("tree", name)).equals(bytes)).toBe(true);
      const object = objectPath(site.options.objects, digestsOf(bytes).sha256);
      expect(statSync(object).ino).toBe(statSync(site.directory.join("tree", name)).ino);
    }
    expect(site.readBytes()).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(await listFiles(site.directory.join("aside"))).toEqual([]);
  });

  test("other bytes are not taken, and the files beside them are", async () => {
    const site = await open(threads);
    const [right, listed] = [Buffer.from("right"), Buffer.from("other")];
    const takings = [
      site.found("a", right),
      site.found("b", right, listed),
      site.found("c", Buffer.from("last")),
    ];
    const outcomes = await site.take(takings);
    expect(outcomes.map(([, { kind }]) => kind)).toEqual(["taken", "different", "taken"]);
    expect(outcomes[1]?.[1]).toMatchObject({ found: { digests: digestsOf(right) } });
    expect(await listFiles(site.directory.join("tree"))).toEqual(["a", "c"]);
  });

  test("an error of the disk, or of the tree, is thrown as what it is", async () => {
    const site = await open(threads);
    const taking = site.found("a", Buffer.from("bytes"));
    rmSync(site.directory.join("tree"), { recursive: true });
    await expect(site.take([taking])).rejects.toMatchObject({ code: "ENOENT", syscall: "open" });
    mkdirSync(site.directory.join("tree"));
    writeFileSync(taking.target, "something else");
    await expect(site.take([taking])).rejects.toThrow(RepositoryError);
  });

  test("nothing is taken once the signal is aborted", async () => {
    const site = await open(threads);
    const taking = site.found("a", Buffer.from("bytes"));
    const stopped = AbortSignal.abort(new Error("stopped"));
    await expect(takeFiles([taking], stopped, site.options).next()).rejects.toThrow("stopped");
    expect(await listFiles(site.directory.join("tree"))).toEqual([]);
  });
});
