import { expect, test } from "vitest";
import { shortList, shortText } from "./short-list.ts";

const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);

test("a list of up to ten lines is shown whole", () => {
  expect(shortList([])).toEqual([]);
  expect(shortList(lines(10))).toEqual(lines(10));
});

test("a longer one is ten lines and a count", () => {
  expect(shortList(lines(400))).toEqual([...lines(10), "and 390 more, which --json lists"]);
});

test("the first line of a text announces the list and does not count", () => {
  expect(shortText(["first", ...lines(10)].join("\n"))).toBe(["first", ...lines(10)].join("\n"));
  expect(shortText(["first", ...lines(11)].join("\n")).split("\n")).toHaveLength(12);
});
