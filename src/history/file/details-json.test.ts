import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { CheckedDetails, HistoryDetails } from "../details.ts";
import { formatDetails, parseDetails } from "./details-json.ts";

const anyTexts = fc.array(fc.string(), { maxLength: 5 });
const anyDetails: fc.Arbitrary<HistoryDetails> = fc.oneof(
  fc.record(
    { kind: fc.constant("created" as const), packages: fc.nat(), sizeBytes: fc.nat(), contents: fc.string() },
    { requiredKeys: ["kind"] },
  ),
  fc.record({
    kind: fc.constant("unlinked" as const),
    link: fc.constantFrom("staging" as const, "production" as const),
  }),
  fc.record({
    kind: fc.constant("checked" as const),
    deep: fc.boolean(),
    partial: fc.boolean(),
    files: fc.nat(),
    damaged: fc.nat(),
    damagedPaths: anyTexts,
    repairedPaths: anyTexts,
    faults: anyTexts,
  }),
  fc.record({
    kind: fc.constant("damage-shared" as const),
    deep: fc.boolean(),
    from: fc.string(),
    damaged: fc.nat(),
    damagedPaths: anyTexts,
  }),
  fc.record({
    kind: fc.constant("repair-shared" as const),
    from: fc.string(),
    repaired: fc.nat(),
    repairedPaths: anyTexts,
  }),
);

test("reads what it wrote", () => {
  fc.assert(
    fc.property(anyDetails, (details) => {
      expect(parseDetails(formatDetails(details))).toEqual(details);
    }),
  );
});

test("lists a thousand paths of a tree that lost everything, and counts all", () => {
  const damagedPaths = Array.from({ length: 5_000 }, (_, index) => `pool/${index}.deb`);
  const details: CheckedDetails = {
    kind: "checked",
    deep: true,
    partial: false,
    files: 5_000,
    damaged: 5_000,
    damagedPaths,
    repairedPaths: [],
    faults: [],
  };
  expect(parseDetails(formatDetails(details))).toEqual({
    ...details,
    damagedPaths: damagedPaths.slice(0, 1_000),
  });
});

test.each(["", "{", "null", '{"kind":"tested"}', '{"kind":"unlinked"}'])("finds no details in %j", (text) => {
  expect(parseDetails(text)).toBeUndefined();
});
