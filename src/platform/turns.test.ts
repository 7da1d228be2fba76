import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("work waits for earlier work with the same key only, even if that fails", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const first = turns.take("a", async () => {
    await opened;
    seen.push("first");
    throw new Error("broken");
  });
  const second = turns.take("a", async () => seen.push("second"));
  const third = turns.take("a", async () => seen.push("third"));
  await turns.take("b", async () => seen.push("other"));
  expect(seen).toEqual(["other"]);
  open();
  await expect(first).rejects.toThrow("broken");
  await Promise.all([second, third]);
  expect(seen).toEqual(["other", "first", "second", "third"]);
});

test("a key can be used again when its work has ended", async () => {
  const turns = new Turns();
  expect(await turns.take("a", async () => 1)).toBe(1);
  expect(await turns.take("a", async () => 2)).toBe(2);
});
