/**
 * No more of a download stays in memory. Nine of ten packages are smaller: without a file of their own until they are checked,
 * they cost half of the system calls (`make bench ROWS=first-sync`).
 */
const bytesMax = 256 * 1024;

/** Buffers that no download uses at the moment: as many as downloads had bytes in memory at one time. */
const unused: Buffer<ArrayBuffer>[] = [];

/** Has its memory alone, so that it can be lent. */
const newBuffer = (): Buffer<ArrayBuffer> => Buffer.allocUnsafeSlow(bytesMax);

/**
 * The first bytes of a download, in a buffer that a later download uses again. One buffer for each download would wait for
 * the garbage collector, and take more memory than everything else in a first sync.
 */
export class DownloadMemory {
  #buffer: Buffer<ArrayBuffer> | undefined;
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Valid until they are released. */
  get bytes(): Uint8Array {
    return this.#buffer?.subarray(0, this.#sizeBytes) ?? new Uint8Array();
  }

  /** Gives the bytes to another thread: they are gone from here until it gives them back. */
  lend(): ArrayBuffer {
    const { buffer } = this.#buffer ?? unused.pop() ?? newBuffer();
    this.#buffer = undefined;
    return buffer;
  }

  takeBack(lent: ArrayBuffer): void {
    this.#buffer = Buffer.from(lent);
  }

  /** Adds a copy of a chunk. Returns false, and adds nothing, if there is no room for it. */
  append(chunk: Uint8Array): boolean {
    if (this.#sizeBytes + chunk.length > bytesMax) return false;
    this.#buffer ??= unused.pop() ?? newBuffer();
    this.#buffer.set(chunk, this.#sizeBytes);
    this.#sizeBytes += chunk.length;
    return true;
  }

  /** Forgets the bytes. */
  release(): void {
    const buffer = this.#buffer;
    this.#buffer = undefined;
    this.#sizeBytes = 0;
    if (buffer !== undefined) unused.push(buffer);
  }
}
