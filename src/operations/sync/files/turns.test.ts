import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("work of one key waits for what came before, also when that failed; work of another does not", async () => {
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

test("a key is as new once its work has ended", async () => {
  const turns = new Turns();
  expect(await turns.take("a", async () => 1)).toBe(1);
  expect(await turns.take("a", async () => 2)).toBe(2);
});
