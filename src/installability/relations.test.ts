import { expect, test } from "vitest";
import { allows, parseRelation, splitAlternatives, splitField } from "./relations.ts";

const plain = { qualifier: undefined, operator: undefined, version: "" };

test.each([
  ["libc6", { ...plain, name: "libc6" }],
  ["libc6 (>= 2.36)", { name: "libc6", qualifier: undefined, operator: ">=", version: "2.36" }],
  ["libc6(>=2.36)", { name: "libc6", qualifier: undefined, operator: ">=", version: "2.36" }],
  ["python3:any ( << 3.12~ )", { name: "python3", qualifier: "any", operator: "<<", version: "3.12~" }],
  ["g++", { ...plain, name: "g++" }],
  ["wine32:i386", { ...plain, name: "wine32", qualifier: "i386" }],
  ["libc6 (>= )", undefined],
  ["libc6 (=> 1)", undefined],
  ["a b", undefined],
  ["", undefined],
])("reads %j", (text, expected) => {
  expect(parseRelation(text)).toEqual(expected);
});

test("splits fields and alternatives, over lines too", () => {
  expect(splitField("a | b (>= 1),\nc , ,d")).toEqual(["a | b (>= 1)", "c", "d"]);
  expect(splitField(undefined)).toEqual([]);
  expect(splitAlternatives("a | b (>= 1)")).toEqual(["a", "b (>= 1)"]);
});

test("reads the old operators < and > as dpkg does", () => {
  expect([-1, 0, 1].map((order) => allows("<", order))).toEqual([true, true, false]);
  expect([-1, 0, 1].map((order) => allows(">", order))).toEqual([false, true, true]);
});
