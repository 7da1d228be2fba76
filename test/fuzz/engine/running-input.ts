const headerBytes = 8;

/**
 * The input that a worker is checking, in memory that it shares with its watcher. The watcher can read it even if the
 * worker has run out of memory or never returns.
 */
export class RunningInput {
  readonly memory: SharedArrayBuffer;
  readonly #header: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;

  /** Uses new memory, or that of the other thread. */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(1 << 20);
    this.#header = new Int32Array(this.memory, 0, headerBytes / 4);
    this.#bytes = new Uint8Array(this.memory, headerBytes);
    if (memory === undefined) this.set(undefined);
  }

  /** Undefined while no input is being checked. */
  set(input: Uint8Array | undefined): void {
    if (input !== undefined) this.#bytes.set(input.subarray(0, this.#bytes.length));
    Atomics.store(this.#header, 1, input === undefined ? -1 : Math.min(input.length, this.#bytes.length));
    Atomics.add(this.#header, 0, 1);
  }

  get(): Uint8Array | undefined {
    const lengthBytes = Atomics.load(this.#header, 1);
    return lengthBytes < 0 ? undefined : Uint8Array.from(this.#bytes.subarray(0, lengthBytes));
  }

  /** A new number for each input. */
  turn(): number {
    return Atomics.load(this.#header, 0);
  }
}
