import { describe, expect, test } from "vitest";
import { mapBounded } from "./map-bounded.ts";

/** Tasks that a test ends. */
function tasks() {
  const begun: string[] = [];
  const endings = new Map<string, PromiseWithResolvers<string>>();
  return {
    begun,
    apply: (name: string): Promise<string> => {
      begun.push(name);
      const ending = Promise.withResolvers<string>();
      endings.set(name, ending);
      return ending.promise;
    },
    end: async (name: string, error?: Error): Promise<void> => {
      if (error === undefined) endings.get(name)?.resolve(name.toUpperCase());
      else endings.get(name)?.reject(error);
      await new Promise(setImmediate);
    },
  };
}

describe("mapBounded", () => {
  test("runs a bounded number at once and keeps the order of the items", async () => {
    const { apply, begun, end } = tasks();
    const all = mapBounded(["a", "b", "c", "d"], 2, apply);
    expect(begun).toEqual(["a", "b"]);
    await end("b");
    expect(begun).toEqual(["a", "b", "c"]);
    await end("c");
    await end("d");
    await end("a");
    expect(await all).toEqual(["A", "B", "C", "D"]);
  });

  test("asks for the limit again each time one ends", async () => {
    const { apply, begun, end } = tasks();
    let limit = 1;
    const all = mapBounded(["a", "b", "c", "d"], () => limit, apply);
    expect(begun).toEqual(["a"]);
    limit = 3;
    await end("a");
    expect(begun).toEqual(["a", "b", "c", "d"]);
    for (const name of ["b", "c", "d"]) await end(name);
    expect(await all).toEqual(["A", "B", "C", "D"]);
  });

  test("starts nothing after a failure, and throws it when the others have ended", async () => {
    const { apply, begun, end } = tasks();
    const all = mapBounded(["a", "b", "c", "d"], 2, apply);
    const ended = Promise.allSettled([all]);
    await end("a", new Error("first"));
    expect(begun).toEqual(["a", "b"]);
    await end("b", new Error("second"));
    expect(await ended).toEqual([{ status: "rejected", reason: new Error("first") }]);
    expect(begun).toEqual(["a", "b"]);
  });

  test("returns nothing for no items", async () => {
    expect(await mapBounded([], 4, () => Promise.reject(new Error("never")))).toEqual([]);
  });
});
