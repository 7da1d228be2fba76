/** Runs work with the same key one after another; work with different keys runs at the same time. */
export class Turns {
  readonly #lastOfKey = new Map<string, Promise<void>>();

  /** Returns whether work with this key would have to wait. */
  isTaken(key: string): boolean {
    return this.#lastOfKey.has(key);
  }

  /** Rejects with the reason of `signal` if that is aborted during the wait; the work is then not done. */
  async take<Result>(key: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const before = this.#lastOfKey.get(key);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const end = (): void => {
      resolve();
      if (this.#lastOfKey.get(key) === done) this.#lastOfKey.delete(key);
    };
    this.#lastOfKey.set(key, done);
    try {
      if (before !== undefined) await beforeAbort(before, signal);
      return await work();
    } finally {
      // One that gave up may have others behind it, which still wait for those before it.
      void Promise.resolve(before).then(end);
    }
  }
}

/** Waits for `awaited`, at most until `signal` is aborted. */
async function beforeAbort(awaited: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([awaited, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
