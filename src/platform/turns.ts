/** Runs work with the same key one after another; work with different keys runs at the same time. */
export class Turns {
  readonly #lastOfKey = new Map<string, Promise<void>>();

  async take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#lastOfKey.get(key);
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    this.#lastOfKey.set(key, done);
    await before;
    try {
      return await work();
    } finally {
      end();
      if (this.#lastOfKey.get(key) === done) this.#lastOfKey.delete(key);
    }
  }
}
