type Wake = () => void;

/** Runs work with the same key one after another; work with different keys runs at the same time. */
export class Turns {
  /** What waits for each key that is taken, in order. Hardly any work waits, so a list is made for the first that does. */
  readonly #waiting = new Map<string, Set<Wake> | undefined>();

  /** Returns whether work with this key would have to wait. */
  isTaken(key: string): boolean {
    return this.#waiting.has(key);
  }

  /** Rejects with the reason of `signal` if that is aborted during the wait; the work is then not done. */
  async take<Result>(key: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    if (this.isTaken(key)) await this.#wait(key, signal);
    else this.#waiting.set(key, undefined);
    try {
      return await work();
    } finally {
      this.#passOn(key);
    }
  }

  /** Waits until the key is passed on, at most until `signal` is aborted. */
  async #wait(key: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting);
    const { promise: turn, resolve: wake, reject } = Promise.withResolvers<void>();
    const giveUp = (): void => {
      // Once it has its turn, it is nobody else's: the work is done.
      if (waiting.delete(wake)) reject(signal.reason);
    };
    waiting.add(wake);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      await turn;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** The key stays taken if somebody waits for it. */
  #passOn(key: string): void {
    const waiting = this.#waiting.get(key);
    const [next] = waiting ?? [];
    if (next === undefined) {
      this.#waiting.delete(key);
      return;
    }
    waiting?.delete(next);
    next();
  }
}
