import { writeFileSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { normalizePath } from "../../repository/index.ts";
import { openTreeOnDisk } from "../tree-on-disk.ts";
import { freeChunk } from "./free-chunk.ts";

const sizeBytes = Buffer.poolSize + 1;

test("frees a chunk that is all of its buffer", () => {
  const chunk = Buffer.allocUnsafeSlow(sizeBytes);
  freeChunk(chunk);
  expect([chunk.length, chunk.buffer.byteLength]).toEqual([0, 0]);
});

test("frees a buffer with the last chunk in it", () => {
  const { buffer } = Buffer.allocUnsafeSlow(sizeBytes);
  freeChunk(new Uint8Array(buffer, 0, 7));
  expect(buffer.byteLength).toBe(sizeBytes);
  freeChunk(new Uint8Array(buffer, 7));
  expect(buffer.byteLength).toBe(0);
});

test("leaves Node's pool alone, and memory that threads share", () => {
  const pool = new Uint8Array(Buffer.poolSize);
  freeChunk(pool.subarray(7));
  const shared = new Uint8Array(new SharedArrayBuffer(sizeBytes));
  freeChunk(shared);
  expect([pool.length, shared.length]).toEqual([Buffer.poolSize, sizeBytes]);
});

const bytes = Buffer.from(
  Array.from({ length: 200_000 }, (_, number) => `Version: ${number * 7_919}\n`).join(""),
);

test.each([
  ["plain", bytes],
  ["gz", gzipSync(bytes)],
  ["zst", zstdCompressSync(bytes)],
] as const)("leaves what comes next of a file as it is: %s", async (compression, file) => {
  await using directory = await temporaryDirectory("mirrorctl-chunks-");
  writeFileSync(directory.join("file"), file);
  const ports = { signal: new AbortController().signal, decoderCommands: { xz: undefined, lz4: undefined } };
  const tree = openTreeOnDisk(directory.path, ports);
  const read: Buffer[] = [];
  let freed = 0;
  for await (const chunk of tree.decompress(normalizePath("file"), compression, bytes.length)) {
    read.push(Buffer.from(chunk));
    freeChunk(chunk);
    if (chunk.length === 0) freed++;
  }
  expect(Buffer.concat(read).equals(bytes)).toBe(true);
  expect(freed).toBeGreaterThan(5);
});
