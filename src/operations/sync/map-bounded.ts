/**
 * Applies an asynchronous function to each item, at most `limit` at a time, and answers in the order of the items. At
 * the first failure no further item is begun; it is thrown once those under way have ended.
 */
export async function mapBounded<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  apply: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const iterator = items[Symbol.iterator]();
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (let step = iterator.next(); step.done !== true && failure === undefined; step = iterator.next()) {
      const index = next++;
      try {
        results[index] = await apply(step.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  if (failure !== undefined) throw failure.error;
  return results;
}
