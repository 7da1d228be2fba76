import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { shellWord } from "./shell.ts";

test.each([
  ["/srv/apt/old-mirror_1", "/srv/apt/old-mirror_1"],
  ["/srv/my apt/o", "'/srv/my apt/o'"],
  ["it's", String.raw`'it'\''s'`],
  ["", "''"],
])("%j is written %s", (text, word) => {
  expect(shellWord(text)).toBe(word);
});

test("writes words that a shell reads back", () => {
  const anyWord = fc.string({ unit: "grapheme-ascii" }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(anyWord, (text) => {
      const printed = execFileSync("/bin/sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" });
      expect(printed).toBe(text);
    }),
    { numRuns: 30 },
  );
});
