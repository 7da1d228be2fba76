/**
 * Applies an asynchronous function to each item, at most `limit` at a time, and returns the results in the order of the
 * items. A `limit` that is a function is called again each time one ends. After the first failure no further item
 * starts; the failure is thrown when those under way have ended.
 */
export async function mapBounded<Item, Result>(
  items: Iterable<Item>,
  limit: number | (() => number),
  apply: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const tasks = new Tasks();
  const isFull = (): boolean => tasks.underWay >= (typeof limit === "number" ? limit : limit());
  let next = 0;
  for (const item of items) {
    while (tasks.failure === undefined && isFull()) await tasks.nextEnd();
    if (tasks.failure !== undefined) break;
    const index = next++;
    void tasks.run(async () => {
      results[index] = await apply(item);
    });
  }
  while (tasks.underWay > 0) await tasks.nextEnd();
  if (tasks.failure !== undefined) throw tasks.failure.error;
  return results;
}

class Tasks {
  underWay = 0;
  /** The first. */
  failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  async run(task: () => Promise<void>): Promise<void> {
    this.underWay += 1;
    try {
      await task();
    } catch (error) {
      this.failure ??= { error };
    }
    this.underWay -= 1;
    this.#wake?.();
  }

  async nextEnd(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
  }
}
