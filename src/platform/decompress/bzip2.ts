import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import bitIterator from "unbzip2-stream/lib/bit_iterator.js";
import bzip2 from "unbzip2-stream/lib/bzip2.js";
import { pauseNow } from "../flow/pause.ts";
import type { ByteRange } from "./byte-range.ts";
import { damaged } from "./errors.ts";

const chunkSizeBytes = 65_536;
const blockUnitBytes = 100_000;

/**
 * Decodes a file block by block. The package's stream is left aside: it decodes all that it was given in one go, so
 * that a file of a few kilobytes can fill the memory before anyone counts its bytes.
 */
export async function* decodeBzip2(
  path: string,
  range?: ByteRange,
): AsyncGenerator<Uint8Array, void, undefined> {
  const fd = openSync(path, "r");
  try {
    const { start, end } = range ?? { start: 0, end: fstatSync(fd).size };
    const sizeBytes = end - start;
    let at = start;
    const readNext = (): Uint8Array => {
      const chunk = readChunk(fd, at, end);
      at += chunk.length;
      return chunk;
    };
    const bits = orDamaged(path, () => bitIterator(readNext));
    // Streams may follow one another, as pbzip2 writes them.
    for (let isFirst = true; isFirst || bits.bytesRead < sizeBytes; isFirst = false) {
      yield* decodeStream(path, bits);
    }
  } finally {
    closeSync(fd);
  }
}

async function* decodeStream(path: string, bits: BitReader): AsyncGenerator<Uint8Array, void, undefined> {
  const blockBytes = blockUnitBytes * orDamaged(path, () => bzip2.header(bits));
  const scratch = new Int32Array(blockBytes);
  for (let crc = 0; ; ) {
    const output = new GrowingBytes(blockBytes);
    const next = orDamaged(path, () =>
      bzip2.decompress(bits, (byte) => output.push(byte), scratch, blockBytes, crc),
    );
    if (next === null) return; // the end of this stream; its checksum fits
    crc = next;
    yield output.bytes();
    await pauseNow(); // a block takes a tenth of a second: let others have their turn
  }
}

type BitReader = ReturnType<typeof bitIterator>;

/** What the decoder throws, of its own classes or by stumbling over what it read, means that the data is damaged. */
function orDamaged<T>(path: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof Error) || "syscall" in error) throw error;
    throw damaged(path, "bzip2", error.message, error);
  }
}

function readChunk(fd: number, at: number, end: number): Uint8Array {
  const chunk = new Uint8Array(Math.min(chunkSizeBytes, end - at));
  const readBytes = readSync(fd, chunk, { position: at });
  if (readBytes === 0) throw new RangeError("it ends early");
  return chunk.subarray(0, readBytes);
}

/** The output of one block: seldom longer than the block, but fifty times that when it is one byte repeated. */
class GrowingBytes {
  #store: Uint8Array;
  #lengthBytes = 0;

  constructor(expectedBytes: number) {
    this.#store = new Uint8Array(expectedBytes);
  }

  push(byte: number): void {
    if (this.#lengthBytes === this.#store.length) {
      const larger = new Uint8Array(this.#store.length * 2);
      larger.set(this.#store);
      this.#store = larger;
    }
    this.#store[this.#lengthBytes] = byte;
    this.#lengthBytes += 1;
  }

  bytes(): Uint8Array {
    return this.#store.subarray(0, this.#lengthBytes);
  }
}
