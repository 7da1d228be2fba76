import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { linkSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { type TemporaryDirectory, temporaryDirectory } from "../../../test/support/index.ts";
import { type FileToHash, type Hashed, readBufferBytes } from "./hash-file.ts";
import { hashFiles } from "./hash-files.ts";
import { startHashingThread } from "./hashing-thread.ts";

async function openDirectory(): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory;
}

const digestOf = (algorithm: string, bytes: Buffer): string =>
  createHash(algorithm).update(bytes).digest("hex");

const toHash = (path: string, sizeBytes: number): FileToHash => ({ path, sizeBytes, algorithms: ["sha256"] });

const signal = new AbortController().signal;

/** Returns how many descriptors are open, and how many threads run. */
const held = (): readonly number[] =>
  ["fd", "task"].map((name) => readdirSync(join("/proc/self", name)).length);

/** Makes a file without blocks, which takes some seconds to hash. */
function hugeFile(path: string): FileToHash {
  writeFileSync(path, "");
  truncateSync(path, 8 * 2 ** 30);
  return toHash(path, 8 * 2 ** 30);
}

describe.each([0, 1, 3])("with %i threads", (threads) => {
  test("hashes files of all sizes, in their order", async () => {
    const directory = await openDirectory();
    const sizes = [0, 1, readBufferBytes - 1, readBufferBytes, readBufferBytes + 1, 9 << 20];
    const files = [...sizes, ...sizes.toReversed(), ...Array.from({ length: 1000 }, (_, size) => size)].map(
      (size, index): { readonly file: FileToHash; readonly bytes: Buffer } => {
        const [path, bytes] = [directory.join(String(index)), Buffer.alloc(size, `${index}`)];
        writeFileSync(path, bytes);
        return { file: { path, sizeBytes: size, algorithms: ["md5", "sha512"] }, bytes };
      },
    );
    let readBytes = 0;
    const onRead = (sizeBytes: number): void => {
      readBytes += sizeBytes;
    };
    const hashed: (readonly [FileToHash, Hashed])[] = [];
    const asked = files.map(({ file }) => file);
    for await (const each of hashFiles(asked, signal, { threads, onRead })) hashed.push(each);
    expect(hashed).toEqual(
      files.map(({ file, bytes }) => [
        file,
        { digests: { md5: digestOf("md5", bytes), sha512: digestOf("sha512", bytes) } },
      ]),
    );
    expect(readBytes).toBe(files.reduce((sum, { bytes }) => sum + bytes.length, 0));
  });

  test("reads a file of another size than expected to its end", async () => {
    const directory = await openDirectory();
    const [path, bytes] = [directory.join("file"), Buffer.from("bytes")];
    writeFileSync(path, bytes);
    for await (const [, hashed] of hashFiles(
      [4, 6, 9e9].map((size) => toHash(path, size)),
      signal,
      { threads },
    ))
      expect(hashed).toEqual({ digests: { sha256: digestOf("sha256", bytes) } });
  });

  test("returns why a file cannot be read, and reads the others", async () => {
    const directory = await openDirectory();
    mkdirSync(directory.join("directory"));
    writeFileSync(directory.join("file"), "");
    symlinkSync(directory.join("file"), directory.join("link"));
    execFileSync("sh", ["-c", 'mkfifo "$0"', directory.join("pipe")]); // nobody writes to it
    const names = ["missing", "file", "directory", "file/below", "link", "pipe"];
    const files = names.map((name) => toHash(directory.join(name), 0));
    const failures: (string | undefined)[] = [];
    for await (const [, hashed] of hashFiles(files, signal, { threads }))
      failures.push("failure" in hashed ? `${hashed.failure.code}: ${hashed.failure.message}` : undefined);
    expect(failures).toEqual([
      `ENOENT: ENOENT: no such file or directory, open '${directory.join("missing")}'`,
      undefined,
      "EISDIR: EISDIR: illegal operation on a directory, read",
      `ENOTDIR: ENOTDIR: not a directory, open '${directory.join("file/below")}'`,
      expect.stringMatching(/^ELOOP: /),
      undefined, // no bytes
    ]);
  });

  test("leaves no file open and no thread when it is interrupted", async () => {
    const directory = await openDirectory();
    const file = hugeFile(directory.join("huge"));
    const hashAndStop = async (): Promise<void> => {
      const stop = new AbortController();
      const onRead = (): void => stop.abort(new Error("interrupted"));
      const all = hashFiles([file, file, file, file], stop.signal, { threads, onRead });
      await expect(all.next()).rejects.toThrow("interrupted");
    };
    await hashAndStop(); // starts what Node keeps
    const before = held();
    await hashAndStop();
    expect(held()).toEqual(before);
    const aborted = AbortSignal.abort(new Error("too late"));
    await expect(hashFiles([file], aborted, { threads }).next()).rejects.toThrow("too late");
    expect(held()).toEqual(before);
  });

  test("leaves no file open and no thread when the caller stops early", async () => {
    const directory = await openDirectory();
    writeFileSync(directory.join("small"), "");
    const files = [toHash(directory.join("small"), 4 << 20), hugeFile(directory.join("huge"))];
    const hashOne = async (): Promise<void> => {
      for await (const [file] of hashFiles(files, signal, { threads })) {
        expect(file).toBe(files[0]);
        break;
      }
    };
    await hashOne();
    const before = held();
    await hashOne();
    expect(held()).toEqual(before);
  });
});

async function threadsDuring(files: readonly FileToHash[]): Promise<number> {
  const [, before = 0] = held();
  for await (const _ of hashFiles(files, signal)) return (held()[1] ?? 0) - before;
  return 0;
}

test("uses threads when there is much to do, and none otherwise", async () => {
  const directory = await openDirectory();
  writeFileSync(directory.join("file"), "");
  linkSync(directory.join("file"), directory.join("other"));
  const names = ["file", "other"].map((name) => directory.join(name));
  expect(await threadsDuring(names.map((path) => toHash(path, 1 << 20)))).toBe(0);
  const expected = availableParallelism() < 2 ? 0 : names.length;
  expect(await threadsDuring(names.map((path) => toHash(path, 1 << 30)))).toBe(expected);
});

describe("a thread", () => {
  test.each([
    ["process.exit(3)", "a thread that hashes files ended with status 3"],
    ["process.exit()", "a thread that hashes files ended with status 0"],
    ["throw new Error('out of something')", "out of something"],
  ])("that dies is an error: %s", async (program, message) => {
    const source = `require("node:worker_threads").parentPort.once("message", () => { ${program} })`;
    await using thread = startHashingThread(() => undefined, new Worker(source, { eval: true }));
    const batches = await Promise.allSettled([thread.do([], 0), thread.do([], 0)]);
    const rejected = { status: "rejected", reason: expect.objectContaining({ message }) };
    expect(batches).toEqual([rejected, rejected]);
    await expect(thread.do([], 0)).rejects.toThrow(message);
  });
});
