/**
 * Applies an asynchronous function to each item and answers in the order of the items. None is begun while `limit` of
 * them are under way; a function is asked for it anew whenever one has ended. At the first failure no further item is
 * begun; it is thrown once those under way have ended.
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
