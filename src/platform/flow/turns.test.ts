import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

const { signal } = new AbortController();

test("work waits for earlier work with the same key only, even if that fails", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const first = turns.take("a", signal, async () => {
    await opened;
    seen.push("first");
    throw new Error("broken");
  });
  const second = turns.take("a", signal, async () => seen.push("second"));
  const third = turns.take("a", signal, async () => seen.push("third"));
  await turns.take("b", signal, async () => seen.push("other"));
  expect(seen).toEqual(["other"]);
  open();
  await expect(first).rejects.toThrow("broken");
  await Promise.all([second, third]);
  expect(seen).toEqual(["other", "first", "second", "third"]);
});

test("a key can be used again when its work has ended", async () => {
  const turns = new Turns();
  expect(await turns.take("a", signal, async () => 1)).toBe(1);
  expect(await turns.take("a", signal, async () => 2)).toBe(2);
});

test("a key is taken from its first work until its last has ended", async () => {
  const turns = new Turns();
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const works = [turns.take("a", signal, () => opened), turns.take("a", signal, () => opened)];
  expect([turns.isTaken("a"), turns.isTaken("b")]).toEqual([true, false]);
  open();
  await Promise.all(works);
  await turns.take("b", signal, async () => undefined);
  expect(turns.isTaken("a")).toBe(false);
});

test("canceled work is not done, and what waits behind it still waits for the first", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const first = turns.take("a", signal, async () => {
    await opened;
    seen.push("first");
  });
  const stop = new AbortController();
  const second = turns.take("a", stop.signal, async () => seen.push("second"));
  const third = turns.take("a", signal, async () => seen.push("third"));
  stop.abort(new Error("stopped"));
  await expect(second).rejects.toThrow("stopped");
  expect(seen).toEqual([]);
  open();
  await Promise.all([first, third]);
  expect(seen).toEqual(["first", "third"]);
});
