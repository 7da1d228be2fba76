import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../errors.ts";
import { parseDuration } from "./duration.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe("parseDuration", () => {
  test.each([
    ["0", 0],
    ["0s", 0],
    ["30d", 30 * dayMs],
    ["2w", 14 * dayMs],
    ["168h", 7 * dayMs],
    ["2h30m", 2.5 * hourMs],
    ["1.5h", 1.5 * hourMs],
    [".5h", 0.5 * hourMs],
    ["1.h", hourMs],
    ["1w2d3h4m5s6ms", 9 * dayMs + 3 * hourMs + 4 * 60_000 + 5006],
    ["30m1h", 1.5 * hourMs],
    ["1500us", 2],
    ["2000µs", 2],
    ["2000μs", 2],
    ["1000000ns", 1],
    ["1ns", 0],
    ["106751d", 106_751 * dayMs],
  ])("reads %s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  const blanks = ["", " ", "1 h", " 1h", "1h ", "1h\n"];
  const malformed = "1 00 d . .h 1.2.3h -1h +1h 1H 1M 1y 1mo 1h30 1,5h 1e3s 0x1h Infinityh NaNs".split(" ");
  const tooLong = ["106752d", "99999999999999999999w"];
  test.each([...blanks, ...malformed, ...tooLong])("refuses %j", (text) => {
    expect(() => parseDuration(text)).toThrow(ConfigError);
    expect(() => parseDuration(text)).toThrow(`found ${JSON.stringify(text)}, expected a duration`);
  });

  test("is the sum of its parts, in any order", () => {
    const part = fc.tuple(fc.nat(1000), fc.constantFrom("ms", "s", "m", "h", "d", "w"));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const texts = parts.map(([amount, unit]) => `${amount}${unit}`);
        const sumMs = texts.reduce((total, text) => total + parseDuration(text), 0);
        expect(parseDuration(texts.join(""))).toBe(sumMs);
        expect(parseDuration(texts.toReversed().join(""))).toBe(sumMs);
      }),
    );
  });
});
