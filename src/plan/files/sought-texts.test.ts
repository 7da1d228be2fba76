import { array, assert, property, string, tuple } from "fast-check";
import { expect, test } from "vitest";
import { SoughtTexts } from "./sought-texts.ts";

const text = string({ unit: "grapheme", maxLength: 12 });

test("finds the texts that a set of strings has, and no others", () => {
  assert(
    property(array(text), array(tuple(text, text, text)), (texts, parts) => {
      const set = new Set(texts);
      const sought = new SoughtTexts(texts);
      for (const [before, part, after] of [...parts, ...texts.map((each) => [":", each, "\n"] as const)]) {
        const found = sought.hasPart(before + part + after, before.length, before.length + part.length);
        expect([found, sought.has(part)]).toEqual([set.has(part), set.has(part)]);
      }
    }),
  );
});
