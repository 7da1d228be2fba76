import { comparedBytesMax } from "../../plan/index.ts";
import { checksumOf, digestsOf } from "../../platform/running-digests.ts";

/*
 * The bytes of an index in blocks of whole stanzas. Their digests tell which stanzas a later version still has, without the bytes
 * of the earlier one. They are kept as one text, 80 digits for each block: how many bytes it has, the CRC-32 of the first of them,
 * which says at little cost where a block is not, and the SHA-256 of all.
 */

/** A block of an index. */
export interface IndexBlock {
  readonly bytes: number;
  readonly head: string;
  readonly sha256: string;
}

/** A block has at least so many bytes, up to the end of a stanza. Of each block with a change, all stanzas are read. */
const usualBytes = 8 << 10;
/** So many bytes tell the first stanza of most blocks from others. */
const headBytes = 96;
const digitsOfNumber = 8;
const digitsOfBlock = 2 * digitsOfNumber + 64;

/** Makes the blocks of bytes that come in chunks. They begin with a stanza. */
export class IndexBlocks {
  readonly #bytesMin: number;
  /** Joined at the end: a text that grows by `+=` keeps all its pieces. */
  readonly #blocks: string[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #isEndless = false;

  constructor(bytesMin = usualBytes) {
    this.#bytesMin = bytesMin;
  }

  /** Keeps none of these bytes. */
  push({ buffer, byteOffset, length }: Uint8Array): void {
    if (this.#isEndless) return;
    const bytes = this.#afterRest(Buffer.from(buffer, byteOffset, length));
    let start = 0;
    for (let end = this.#endAfter(bytes, start); end !== undefined; end = this.#endAfter(bytes, start)) {
      this.#blocks.push(formatBlock(bytes.subarray(start, end)));
      start = end;
    }
    this.#rest = Buffer.from(bytes.subarray(start));
    this.#isEndless = this.#rest.length > comparedBytesMax;
  }

  /** Ends a block here, if there are bytes. */
  cut(): void {
    if (this.#rest.length > 0) this.#blocks.push(formatBlock(this.#rest));
    this.#rest = Buffer.alloc(0);
  }

  /** Takes over a block of an earlier version. */
  keep(block: IndexBlock): void {
    this.cut();
    this.#blocks.push(formatFields(block));
  }

  /** Returns the text of all blocks; undefined if a block has no end. */
  finish(): string | undefined {
    this.cut();
    return this.#isEndless ? undefined : this.#blocks.join("");
  }

  /** Returns the bytes from the next block on. Most of a chunk is not copied for the block that begins before it. */
  #afterRest(chunk: Buffer): Buffer {
    if (this.#rest.length === 0) return chunk;
    const seam = Buffer.concat([this.#rest, chunk.subarray(0, 4 * this.#bytesMin)]);
    const end = this.#endAfter(seam, 0);
    if (end === undefined || end < this.#rest.length) return Buffer.concat([this.#rest, chunk]);
    this.#blocks.push(formatBlock(seam.subarray(0, end)));
    return chunk.subarray(end - this.#rest.length);
  }

  /** Leaves enough for another block, so that changes do not make blocks smaller and smaller. */
  #endAfter(bytes: Buffer, start: number): number | undefined {
    const lineFeeds = bytes.indexOf("\n\n", start + this.#bytesMin - 2, "latin1");
    const end = lineFeeds + 2;
    return lineFeeds === -1 || bytes.length - end < this.#bytesMin / 2 ? undefined : end;
  }
}

const formatBlock = (bytes: Buffer): string =>
  formatFields({ bytes: bytes.length, head: headOf(bytes), sha256: digestOf(bytes) });

const formatFields = ({ bytes, head, sha256 }: IndexBlock): string =>
  `${formatNumber(bytes)}${head}${sha256}`;

const formatNumber = (value: number): string => value.toString(16).padStart(digitsOfNumber, "0");

/** Returns what a block that begins with these bytes has as `head`. */
export const headOf = (bytes: Buffer): string => formatNumber(checksumOf(bytes.subarray(0, headBytes)));

export const digestOf = (bytes: Buffer): string => digestsOf(bytes).sha256;

/** Reads the text of blocks. */
export function* readBlocks(text: string): Generator<IndexBlock, void, undefined> {
  for (let at = 0; at < text.length; at += digitsOfBlock) {
    const headAt = at + digitsOfNumber;
    const sha256At = headAt + digitsOfNumber;
    yield {
      bytes: Number.parseInt(text.slice(at, headAt), 16),
      head: text.slice(headAt, sha256At),
      sha256: text.slice(sha256At, at + digitsOfBlock),
    };
  }
}
