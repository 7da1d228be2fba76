/** A part of the shared memory. */
export interface Part {
  readonly offset: number;
  readonly sizeBytes: number;
}

/**
 * Hands out parts of memory that threads share. Each part is the first that fits, so that as little of the memory is ever
 * used as is needed at one time: the kernel backs only what was written to.
 */
export class SharedMemory {
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** What nobody has, in the order of the offsets. No two of them touch. */
  readonly #free: { offset: number; sizeBytes: number }[];

  constructor(sizeBytes: number) {
    this.bytes = new Uint8Array(new SharedArrayBuffer(sizeBytes));
    this.#free = [{ offset: 0, sizeBytes }];
  }

  /** Returns undefined if there is no room. */
  take(sizeBytes: number): Part | undefined {
    const index = this.#free.findIndex((free) => free.sizeBytes >= sizeBytes);
    const free = this.#free[index];
    if (free === undefined) return undefined;
    const part = { offset: free.offset, sizeBytes };
    free.offset += sizeBytes;
    free.sizeBytes -= sizeBytes;
    if (free.sizeBytes === 0) this.#free.splice(index, 1);
    return part;
  }

  giveBack({ offset, sizeBytes }: Part): void {
    const found = this.#free.findIndex((free) => free.offset > offset);
    const index = found === -1 ? this.#free.length : found;
    const [before, after] = [this.#free[index - 1], this.#free[index]];
    const isAfterFree = before !== undefined && before.offset + before.sizeBytes === offset;
    const isBeforeFree = after !== undefined && offset + sizeBytes === after.offset;
    if (isAfterFree) {
      before.sizeBytes += sizeBytes + (isBeforeFree ? after.sizeBytes : 0);
      if (isBeforeFree) this.#free.splice(index, 1);
    } else if (isBeforeFree) {
      after.offset = offset;
      after.sizeBytes += sizeBytes;
    } else this.#free.splice(index, 0, { offset, sizeBytes });
  }
}
