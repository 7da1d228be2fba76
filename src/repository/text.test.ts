import { describe, expect, test } from "vitest";
import { quote } from "./text.ts";

describe("quoted text of an upstream", () => {
  test.each([
    ["a\tb", '"a\\tb"'],
    ['say "x"', '"say \\"x\\""'],
    ["\u001b[31m", '"\\u001b[31m"'],
    ["\u007f\u009b", '"\\u007f\\u009b"'],
    ["Grüße", '"Grüße"'],
  ])("%j is shown as %s", (text, shown) => {
    expect(quote(text)).toBe(shown);
  });

  test.each(["a", "\0", "\u009f", '"', "\u{1f600}"])("has a limited length with any number of %j", (char) => {
    expect(quote(char.repeat(1000)).length).toBeLessThanOrEqual(203);
    expect(quote(char.repeat(1000))).toMatch(/…"$/);
    expect(quote(char.repeat(10))).not.toContain("…");
  });
});
