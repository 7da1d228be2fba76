import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareNames,
  freeName,
  isNumbered,
  madeNameFault,
  snapshotNameFault,
  standInName,
} from "./snapshot-name.ts";

describe("snapshotNameFault", () => {
  test.each(["2025-10-14T15-45-30Z", "before_upgrade", "a", "1:2", "ä".repeat(100), "a..b", "-x"])(
    "accepts %s",
    (name) => {
      expect(snapshotNameFault(name)).toBeUndefined();
    },
  );

  test.each([
    ["", "is empty"],
    [".", 'starts with "."'],
    ["..", 'starts with "."'],
    [".meta", 'starts with "."'],
    ["a/b", 'contains "/"'],
    ["/a", 'contains "/"'],
    ["a b", "contains a blank or a control character"],
    ["a\u00a0b", "contains a blank or a control character"],
    ["a\nb", "contains a blank or a control character"],
    ["a\0b", "contains a blank or a control character"],
    ["a\u0085b", "contains a blank or a control character"],
    ["a".repeat(201), "is longer than 200 bytes"],
    ["ä".repeat(101), "is longer than 200 bytes"],
  ])("%j %s", (name, fault) => {
    expect(snapshotNameFault(name)).toBe(fault);
  });

  test("accepts the stand-in of the longest name, and none that is longer", () => {
    expect(snapshotNameFault(standInName("a".repeat(200)))).toBeUndefined();
    expect(snapshotNameFault(standInName("a".repeat(201)))).toBe("is longer than 200 bytes");
  });
});

describe("freeName", () => {
  const day = "2026-05-04";

  test.each([
    [day, []],
    [day, ["2026-05-03", "2026-05-04T01-00-00Z", "2026-05-04-frozen", "2026-05-04~replacing", "2026-05"]],
    [`${day}-2`, [day]],
    [`${day}-3`, [day, `${day}-2`]],
    // Pruned names are not used again.
    [`${day}-10`, [day, `${day}-9`]],
    [`${day}-3`, [`${day}-2`]],
    // Numbers that it would not have given.
    [`${day}-2`, [day, `${day}-1`, `${day}-0`, `${day}-07`, `${day}-`, `${day}-2-3`, `${day}-1e3`]],
  ])("is %s beside %j", (name, taken) => {
    expect(freeName(day, taken)).toBe(name);
  });

  test("is not taken, and comes after all of its kind", () => {
    const anyTaken = fc.array(
      fc.oneof(
        fc.constant(day),
        fc.integer({ min: 0, max: 30 }).map((n) => `${day}-${n}`),
      ),
    );
    fc.assert(
      fc.property(anyTaken, (taken) => {
        const name = freeName(day, taken);
        expect(taken).not.toContain(name);
        expect(isNumbered(name, day)).toBe(true);
        const numbered = taken.filter((other) => isNumbered(other, day));
        for (const other of numbered) expect(compareNames(other, name)).toBeLessThan(0);
      }),
    );
  });
});

describe("compareNames", () => {
  test("orders numbers by their value", () => {
    const names = [
      "2026-05-04",
      "2026-05-04-2",
      "2026-05-04-10",
      "2026-05-04T01",
      "2026-05-12",
      "a",
      "a1",
      "b",
    ];
    expect(names.toReversed().toSorted(compareNames)).toEqual(names);
  });

  test("is a total order", () => {
    const anyName = fc.stringMatching(/^[a0-]?[b019-]{0,5}$/);
    fc.assert(
      fc.property(fc.tuple(anyName, anyName, anyName), (names) => {
        const [a = "", b = "", c = ""] = names.toSorted(compareNames);
        const orders = [compareNames(a, b), compareNames(b, c), compareNames(a, c)];
        expect(Math.max(...orders)).toBeLessThanOrEqual(0);
        expect([compareNames(b, a) > 0, compareNames(c, a) > 0]).toEqual([a !== b, a !== c]);
      }),
    );
  });
});

test("a name that a layout makes leaves room for a number after -frozen", () => {
  const longest = "a".repeat(180);
  expect(madeNameFault(longest)).toBeUndefined();
  expect(snapshotNameFault(`${longest}-frozen-999999`)).toBeUndefined();
  expect(madeNameFault(`${longest}a`)).toMatch("no room for a number");
  expect(madeNameFault("a b")).toBe(snapshotNameFault("a b"));
});
