import { expect, test } from "vitest";
import { cutEnd, cutMiddle, displayWidth } from "./display-width.ts";

test.each([
  ["", 0],
  ["plain", 5],
  ["検証", 4],
  ["e\u0301", 1],
  ["🚀", 2],
  ["…", 1],
])("%j takes %i columns", (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test.each([
  ["plain", 5, "plain", "plain"],
  ["plain", 4, "pla…", "pl…n"],
  ["plain", 1, "…", "…"],
  ["検証済み", 4, "検…", "検…"],
  ["plain", 0, "", ""],
])("%j cut to %i columns is %j, in the middle %j", (text, columns, end, middle) => {
  expect(cutEnd(text, columns)).toBe(end);
  expect(cutMiddle(text, columns)).toBe(middle);
});
