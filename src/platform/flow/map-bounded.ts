/**
 * Applies an asynchronous function to each item, at most `limit` at a time, and returns the results in the order of the
 * items. Limits and failures: see `eachBounded`.
 */
export async function mapBounded<Item, Result>(
  items: Iterable<Item>,
  limit: number | (() => number),
  apply: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  await eachBounded(items, limit, async (item, index) => {
    results[index] = await apply(item);
  });
  return results;
}

/**
 * Applies an asynchronous function to each item, at most `limit` at a time. A `limit` that is a function is called again
 * each time one ends. After the first failure no further item starts; the failure is thrown when those under way have
 * ended.
 */
export async function eachBounded<Item>(
  items: Iterable<Item>,
  limit: number | (() => number),
  apply: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const tasks = new Tasks();
  const isFull = (): boolean => tasks.underWay >= (typeof limit === "number" ? limit : limit());
  let next = 0;
  for (const item of items) {
    while (tasks.failure === undefined && isFull()) await tasks.nextEnd();
    if (tasks.failure !== undefined) break;
    tasks.add(apply(item, next++));
  }
  while (tasks.underWay > 0) await tasks.nextEnd();
  if (tasks.failure !== undefined) throw tasks.failure.error;
}

class Tasks {
  underWay = 0;
  /** The first. */
  failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  add(task: Promise<void>): void {
    this.underWay += 1;
    task.then(this.#end, this.#fail);
  }

  async nextEnd(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
  }

  readonly #end = (): void => {
    this.underWay -= 1;
    this.#wake?.();
  };

  readonly #fail = (error: unknown): void => {
    this.failure ??= { error };
    this.#end();
  };
}
