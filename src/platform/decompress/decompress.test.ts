import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Compression } from "../../repository/index.ts";
import { type DecompressOptions, decompressFile, missingProgram } from "./decompress.ts";

const dir = mkdtempSync(join(tmpdir(), "mirrorctl-decompress-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const none = { xz: undefined, lz4: undefined };

interface Format {
  readonly name: string;
  readonly compression: Compression;
  readonly command: string;
  readonly options: Partial<DecompressOptions>;
}

const formats: readonly Format[] = [
  { name: "gz", compression: "gz", command: "gzip", options: {} },
  { name: "zst", compression: "zst", command: "zstd", options: {} },
  { name: "bz2", compression: "bz2", command: "bzip2", options: {} },
  {
    name: "xz by its command",
    compression: "xz",
    command: "xz",
    options: { commands: { xz: "xz", lz4: undefined } },
  },
  { name: "xz by WASM", compression: "xz", command: "xz", options: {} },
];

// Larger than some blocks of bzip2 -1, which have 100 kB, and than a chunk of any stream.
const packages = Buffer.from(
  Array.from(
    { length: 12_000 },
    (_, number) => `Package: name-${number}\nVersion: ${number * 7_919}\n\n`,
  ).join(""),
);
const tail = Buffer.from("Package: the-last\n");

let files = 0;
function file(bytes: Uint8Array): string {
  const path = join(dir, `file-${files++}`);
  writeFileSync(path, bytes);
  return path;
}

function compress(command: string, input: Uint8Array, level = "-1"): Buffer {
  return execFileSync(command, [level, "-c"], { input, maxBuffer: 1 << 26, stdio: ["pipe", "pipe", "pipe"] });
}

async function contents(path: string, compression: Compression, options: Partial<DecompressOptions> = {}) {
  const chunks: Uint8Array[] = [];
  const all = { bytesMax: 1 << 28, signal: new AbortController().signal, commands: none, ...options };
  for await (const chunk of decompressFile(path, compression, all)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe.each(formats)("$name", ({ compression, command, options }) => {
  const packed = compress(command, packages);

  test("gives back what was compressed", async () => {
    expect((await contents(file(packed), compression, options)).equals(packages)).toBe(true);
  });

  test("reads a part of a file as a file of its own", async () => {
    const path = file(Buffer.concat([Buffer.from("before"), packed, Buffer.from("behind")]));
    const range = { start: 6, end: 6 + packed.length };
    expect((await contents(path, compression, { ...options, range })).equals(packages)).toBe(true);
    const cut = { ...range, end: range.end - 20 };
    await expect(contents(path, compression, { ...options, range: cut })).rejects.toThrow(
      "cannot decompress",
    );
    const tooLong = { ...range, end: range.end + 6 };
    await expect(contents(path, compression, { ...options, range: tooLong })).rejects.toThrow(
      "cannot decompress",
    );
  });

  test("gives back nothing where nothing was compressed", async () => {
    expect(await contents(file(compress(command, Buffer.alloc(0))), compression, options)).toHaveLength(0);
  });

  test("reads streams that follow one another as one", async () => {
    const path = file(Buffer.concat([packed, compress(command, tail)]));
    expect((await contents(path, compression, options)).equals(Buffer.concat([packages, tail]))).toBe(true);
  });

  test.each([
    ["cut in half", packed.subarray(0, packed.length >> 1)],
    ["without its last byte", packed.subarray(0, -1)],
    ["cut within its second stream", Buffer.concat([packed, compress(command, tail).subarray(0, -3)])],
    ["with a byte changed", changed(packed)],
    ["with something else at its end", Buffer.concat([packed, Buffer.from("garbage")])],
    ["with the beginning of another stream at its end", Buffer.concat([packed, packed.subarray(0, 2)])],
    ["that is something else", Buffer.from("<html><body>404 Not Found</body></html>")],
    ["that is empty", Buffer.alloc(0)],
  ])("refuses a file %s", async (_, bytes) => {
    await expect(contents(file(bytes), compression, options)).rejects.toMatchObject({
      area: "repository",
      code: "STREAM_DAMAGED",
    });
  });

  test("stops a file that expands beyond its limit", async () => {
    const bomb = file(compress(command, Buffer.alloc(30_000_000), "-9"));
    await expect(contents(bomb, compression, { ...options, bytesMax: 1_000_000 })).rejects.toMatchObject({
      code: "STREAM_TOO_LARGE",
    });
  });

  test("takes a file that expands to exactly its limit", async () => {
    const exact = { ...options, bytesMax: packages.length };
    expect(await contents(file(packed), compression, exact)).toHaveLength(packages.length);
  });

  test("fails with the reason when it is aborted on the way", async () => {
    const stop = new AbortController();
    const iterator = decompressFile(file(packed), compression, {
      bytesMax: 1e9,
      commands: none,
      ...options,
      signal: stop.signal,
    });
    expect((await iterator.next()).done).toBe(false);
    stop.abort(new Error("interrupted"));
    await expect(drain(iterator)).rejects.toThrow("interrupted");
  });

  test("ends when the reader has had enough", async () => {
    const { signal } = new AbortController();
    const iterator = decompressFile(file(packed), compression, {
      bytesMax: 1e9,
      signal,
      commands: none,
      ...options,
    });
    await iterator.next();
    await expect(iterator.return()).resolves.toStrictEqual({ done: true, value: undefined });
  });

  test("says that a file is missing as Node says it", async () => {
    await expect(contents(join(dir, "missing"), compression, options)).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});

describe.each([
  ["lzma", ["xz", "--format=lzma"], { ...none, xz: "xz" }],
  ["lz4", ["lz4"], { ...none, lz4: "lz4" }],
] as const)("%s", (compression, [command, ...options], commands) => {
  const pack = (input: Uint8Array): Buffer =>
    execFileSync(command, [...options, "-c"], { input, maxBuffer: 1 << 26 });
  const packed = pack(packages);

  test("gives back what was compressed", async () => {
    expect((await contents(file(packed), compression, { commands })).equals(packages)).toBe(true);
    expect(await contents(file(pack(Buffer.alloc(0))), compression, { commands })).toHaveLength(0);
  });

  test.each([
    ["cut in half", packed.subarray(0, packed.length >> 1)],
    ["that is something else", Buffer.from("<html><body>404 Not Found</body></html>")],
    ["that is empty", Buffer.alloc(0)],
  ])("refuses a file %s", async (_, bytes) => {
    await expect(contents(file(bytes), compression, { commands })).rejects.toMatchObject({
      code: "STREAM_DAMAGED",
    });
  });

  test("stops a file that expands beyond its limit", async () => {
    const bomb = file(pack(Buffer.alloc(30_000_000)));
    await expect(contents(bomb, compression, { commands, bytesMax: 1_000_000 })).rejects.toMatchObject({
      code: "STREAM_TOO_LARGE",
    });
  });

  test("needs its program", async () => {
    expect(missingProgram(compression, none)).toBe(command);
    expect(missingProgram(compression, commands)).toBeUndefined();
    await expect(
      contents(file(packed), compression, { commands: { xz: "/nonexistent/xz", lz4: "/nonexistent/lz4" } }),
    ).rejects.toMatchObject({ code: "DECOMPRESSOR_FAILED" });
  });
});

test("the other formats need no program", () => {
  const compressions = ["plain", "gz", "xz", "bz2", "zst"] as const;
  for (const compression of compressions) expect(missingProgram(compression, none)).toBeUndefined();
});

test.each([1, 2, 3])("refuses a small zstd file with %i bytes behind its last frame", async (bytes) => {
  const path = file(Buffer.concat([compress("zstd", tail), Buffer.alloc(bytes)]));
  await expect(contents(path, "zst")).rejects.toMatchObject({ code: "STREAM_DAMAGED" });
});

test("gives a plain file as it is, within its limit", async () => {
  expect((await contents(file(packages), "plain")).equals(packages)).toBe(true);
  await expect(contents(file(packages), "plain", { bytesMax: 1_000 })).rejects.toMatchObject({
    code: "STREAM_TOO_LARGE",
  });
});

test("reads nothing once it is aborted", async () => {
  const signal = AbortSignal.abort(new Error("interrupted"));
  await expect(contents(join(dir, "missing"), "plain", { signal })).rejects.toThrow("interrupted");
});

test("says which command could not be run", async () => {
  const path = file(compress("xz", tail));
  await expect(
    contents(path, "xz", { commands: { ...none, xz: join(dir, "no-such-xz") } }),
  ).rejects.toMatchObject({
    code: "DECOMPRESSOR_FAILED",
  });
});

test("says in the words of xz why it refuses, with the file that it refused", async () => {
  const path = file(Buffer.from("garbage"));
  await expect(contents(path, "xz", { commands: { ...none, xz: "xz" } })).rejects.toThrow(
    `cannot decompress ${path} as xz: File format not recognized`,
  );
});

test("hands out one block of bzip2 at a time when a small file expands a thousandfold", async () => {
  const bomb = file(compress("bzip2", Buffer.alloc(90_000_000), "-9"));
  const { signal } = new AbortController();
  const first = await decompressFile(bomb, "bz2", { bytesMax: 1e9, signal, commands: none }).next();
  expect(first.value?.length).toBeLessThan(50_000_000);
});

function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 0xff;
  return copy;
}

async function drain(iterable: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of iterable);
}
