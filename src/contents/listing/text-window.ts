/** Holds the bytes of a text that are needed at present, of those that come in chunks. */
export class TextWindow implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** One for all chunks: a new one each time would be garbage as large as the text. */
  #buffer: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  #start = 0;
  #end = 0;
  #hasEnded = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The bytes that are here and not dropped. They change when more is read. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Reads until so many bytes are here. Returns false if the text ends before. */
  async has(count: number): Promise<boolean> {
    while (this.#heldBytes < count && !this.#hasEnded) {
      const { value, done } = await this.#chunks.next();
      if (done === true) this.#hasEnded = true;
      else this.#append(value);
    }
    return this.#heldBytes >= count;
  }

  /** Reads some more. Returns false if the text has ended. */
  async hasMore(): Promise<boolean> {
    return await this.has(this.#heldBytes + 1);
  }

  drop(count: number): void {
    this.#start = Math.min(this.#start + count, this.#end);
  }

  /** Ends the reading where it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }

  get #heldBytes(): number {
    return this.#end - this.#start;
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#heldBytes + chunk.length;
    if (this.#end + chunk.length > this.#buffer.length) {
      const target = needed > this.#buffer.length ? Buffer.allocUnsafeSlow(2 * needed) : this.#buffer;
      this.#buffer.copy(target, 0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
      this.#buffer = target;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }
}

const bufferBytes = 1 << 20;
