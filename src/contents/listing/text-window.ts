/** Holds the bytes of a text that are needed at present, of those that come in chunks. */
export class TextWindow implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #hasEnded = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The bytes that are here and not dropped. */
  get bytes(): Buffer {
    return this.#bytes.subarray(this.#start);
  }

  /** Reads until so many bytes are here. Returns false if the text ends before. */
  async has(count: number): Promise<boolean> {
    const chunks: Buffer[] = [];
    for (let missing = count - this.#heldBytes; missing > 0; ) {
      const chunk = await this.#nextChunk();
      if (chunk === undefined) break;
      chunks.push(chunk);
      missing -= chunk.length;
    }
    this.#append(chunks);
    return this.#heldBytes >= count;
  }

  /** Reads some more. Returns false if the text has ended. */
  async hasMore(): Promise<boolean> {
    const before = this.#heldBytes;
    await this.has(before + readBytes);
    return this.#heldBytes > before;
  }

  /** True if both texts have the same bytes there. False if one of them does not have all of them here. */
  isSame(at: number, other: TextWindow, otherAt: number, count: number): boolean {
    if (at + count > this.#heldBytes || otherAt + count > other.#heldBytes) return false;
    const [from, otherFrom] = [this.#start + at, other.#start + otherAt];
    return other.#bytes.compare(this.#bytes, from, from + count, otherFrom, otherFrom + count) === 0;
  }

  /** Returns at most so many bytes as a text that can be compared. */
  keyAt(at: number, count: number): string {
    return this.#bytes.toString("latin1", this.#start + at, this.#start + at + count);
  }

  drop(count: number): void {
    this.#start = Math.min(this.#start + count, this.#bytes.length);
  }

  /** Reads the rest without keeping it: the check of the digest needs all of them. */
  async dropRest(): Promise<void> {
    while (await this.has(1)) this.#start = this.#bytes.length;
  }

  /** Ends the reading where it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }

  get #heldBytes(): number {
    return this.#bytes.length - this.#start;
  }

  async #nextChunk(): Promise<Buffer | undefined> {
    if (this.#hasEnded) return undefined;
    const { value, done } = await this.#chunks.next();
    this.#hasEnded = done === true;
    return done === true ? undefined : Buffer.from(value.buffer, value.byteOffset, value.length);
  }

  /** Copies what is here once, however many chunks come. */
  #append(chunks: readonly Buffer[]): void {
    const all = this.#heldBytes === 0 ? chunks : [this.bytes, ...chunks];
    const [only] = all;
    if (chunks.length === 0 || only === undefined) return;
    this.#bytes = all.length === 1 ? only : Buffer.concat(all);
    this.#start = 0;
  }
}

const readBytes = 1 << 20;
