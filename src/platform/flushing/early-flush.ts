import { flushFileSystems, isEndedBySignal, mayBeLost } from "./flush-file-systems.ts";

/** So much takes a moment to flush at the end. */
const bytesOfFlush = 256 << 20;

/**
 * Flushes a tree in the background while it is filled, so that little is left to the flush that makes it durable: by itself,
 * the kernel would begin with most of it then (`make bench ROWS=first-sync`). Nothing relies on these flushes, but what one
 * fails with is the failure of the run: no later flush would report it.
 */
export class EarlyFlush {
  readonly #tree: string;
  readonly #signal: AbortSignal;
  #waitingBytes = 0;
  #underWay: Promise<void> | undefined;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(tree: string, signal: AbortSignal) {
    this.#tree = tree;
    this.#signal = signal;
  }

  /** Says how much was written since the last call. Throws what a flush has failed with. */
  wrote(bytes: number): void {
    this.#throwFailure();
    this.#waitingBytes += bytes;
    if (this.#isOver || this.#underWay !== undefined || this.#waitingBytes < bytesOfFlush) return;
    this.#waitingBytes = 0;
    this.#underWay = this.#flush();
  }

  /** Waits for what is under way. Throws what a flush has failed with. Call it also after another failure. */
  async end(): Promise<void> {
    await this.#underWay;
    this.#throwFailure();
  }

  async #flush(): Promise<void> {
    try {
      await flushFileSystems([this.#tree], this.#signal);
    } catch (error) {
      this.#isOver = true;
      const isStopped = this.#signal.aborted && isEndedBySignal(error);
      if (mayBeLost(error) && !isStopped) this.#failure = { error };
    }
    this.#underWay = undefined;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
