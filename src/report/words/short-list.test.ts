import { expect, test } from "vitest";
import { shortList, shortText } from "./short-list.ts";

const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);

test("shows up to ten lines", () => {
  expect(shortList([])).toEqual([]);
  expect(shortList(lines(10))).toEqual(lines(10));
});

test("shows ten of more lines, and a count", () => {
  expect(shortList(lines(400))).toEqual([...lines(10), "and 390 more, which --json lists"]);
});

test("does not count the first line of a text, which announces the list", () => {
  expect(shortText(["first", ...lines(10)].join("\n"))).toBe(["first", ...lines(10)].join("\n"));
  expect(shortText(["first", ...lines(11)].join("\n")).split("\n")).toHaveLength(12);
});
