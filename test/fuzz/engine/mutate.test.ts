import { expect, test } from "vitest";
import { Random } from "../../support/random.ts";
import { mutate } from "./mutate.ts";

const parent = "Package: a\nVersion: 1.0\n\nPackage: b\nFilename: pool/\xe9\n";

function mutations(seed: number, count: number): string[] {
  const source = {
    random: new Random(seed),
    dictionary: ["SHA256: "],
    other: () => "an other text\n",
    charsMax: 1_000,
  };
  return Array.from({ length: count }, () => mutate(parent, source));
}

test("the same seed makes the same inputs, and another seed makes others", () => {
  expect(mutations(1, 200)).toEqual(mutations(1, 200));
  expect(mutations(1, 200)).not.toEqual(mutations(2, 200));
});

test("inputs are short enough, and use the dictionary and other inputs", () => {
  const inputs = mutations(3, 3_000);
  for (const input of inputs) expect(input).toMatch(/^[\0-\xff]{0,1000}$/);
  expect(inputs.some((input) => input.includes("SHA256: "))).toBe(true);
  expect(inputs.some((input) => input.includes("other text"))).toBe(true);
  expect(new Set(inputs).size).toBeGreaterThan(2_500);
});
