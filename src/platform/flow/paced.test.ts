import { describe, expect, test } from "vitest";
import { Interrupted } from "../../report/errors.ts";
import { paced } from "./paced.ts";

const idle = new AbortController().signal;
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Counts the turns of the event loop until `stop` is called. */
function countTurns() {
  let turns = 0;
  let handle = setImmediate(function turn() {
    turns++;
    handle = setImmediate(turn);
  });
  return {
    stop(): number {
      clearImmediate(handle);
      return turns;
    },
  };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe("a paced walk", () => {
  test("yields every item in order, from a list and from a generator", async () => {
    async function* generate() {
      yield* numbers(250);
    }
    expect(await collect(paced(numbers(250), idle))).toEqual(numbers(250));
    expect(await collect(paced(generate(), idle))).toEqual(numbers(250));
  });

  test("gives the event loop a turn after every so many items", async () => {
    const turns = countTurns();
    await collect(paced(numbers(1000), idle, 10));
    expect(turns.stop()).toBeGreaterThanOrEqual(100);
  });

  test("throws the signal's own reason, in the middle too", async () => {
    const stop = new AbortController();
    const reason = new Interrupted("SIGTERM");
    const seen: number[] = [];
    const walk = async () => {
      for await (const number of paced(numbers(1000), stop.signal)) {
        seen.push(number);
        if (number === 5) stop.abort(reason);
      }
    };
    await expect(walk()).rejects.toBe(reason);
    expect(seen).toEqual(numbers(6));
  });

  test("closes the generator that it walks when the loop is left", async () => {
    let isClosed = false;
    function* generate() {
      try {
        yield* numbers(10);
      } finally {
        isClosed = true;
      }
    }
    for await (const number of paced(generate(), idle)) if (number === 2) break;
    expect(isClosed).toBe(true);
  });
});
