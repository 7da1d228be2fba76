import { expect, test } from "vitest";
import { inOrder, type Place } from "./place.ts";

test("puts lines of each file first, then arguments, and what is about everything last", () => {
  const places: readonly (Place | undefined)[] = [
    undefined,
    { argument: 2 },
    { file: "b", line: 9 },
    { file: "a", line: 3 },
    { mirror: "m", field: "z" },
    { argument: 1 },
    { mirror: "m", field: "a" },
    { file: "b", line: 1 },
  ];
  expect(inOrder(places.map((place) => ({ place }))).map(({ place }) => place)).toEqual([
    { file: "b", line: 1 },
    { file: "b", line: 9 },
    { file: "a", line: 3 },
    { argument: 1 },
    { argument: 2 },
    { mirror: "m", field: "z" },
    { mirror: "m", field: "a" },
    undefined,
  ]);
});
