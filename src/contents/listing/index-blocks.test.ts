import { array, assert, constantFrom, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { digestOf, headOf, IndexBlocks, readBlocks } from "./index-blocks.ts";

const bytesMin = 40;

/** Returns the blocks of these pieces; "cut" ends one. */
function blocksOf(pieces: readonly string[]) {
  const blocks = new IndexBlocks(bytesMin);
  for (const piece of pieces)
    if (piece === "cut") blocks.cut();
    else blocks.push(Buffer.from(piece));
  return [...readBlocks(blocks.finish() ?? "")];
}

test("makes blocks of whole stanzas that are the text together, wherever it is cut", () => {
  const piece = constantFrom("Package: a\n\n", "Package: b\n", "\n", "Version: 1\nSection: x\n\n", "cut");
  assert(
    property(array(piece, { size: "large" }), integer({ min: 1, max: 100 }), (pieces, chunkBytes) => {
      const texts = pieces
        .join("|")
        .split("cut")
        .map((part) => part.replaceAll("|", ""));
      const text = Buffer.from(texts.join(""));
      const chunks = texts.flatMap((part) => [
        "cut",
        ...(part.match(new RegExp(`[^]{1,${chunkBytes}}`, "g")) ?? []),
      ]);
      let at = 0;
      const cuts = new Set(texts.map((part) => (at += part.length)));
      at = 0;
      for (const { bytes, head, sha256 } of blocksOf(chunks)) {
        const block = text.subarray(at, (at += bytes));
        expect(sha256).toBe(digestOf(block));
        expect(head).toBe(headOf(block));
        const isWhole = block.subarray(-2).toString() === "\n\n" && bytes >= bytesMin;
        expect(isWhole || cuts.has(at)).toBe(true);
      }
      expect(at).toBe(text.length);
    }),
  );
});

test("leaves no block that is much smaller than the others", () => {
  const stanza = `Package: ${"a".repeat(bytesMin)}\n\n`;
  expect(blocksOf([stanza.repeat(3), "P: b\n\n"]).map(({ bytes }) => bytes)).toEqual([
    stanza.length,
    stanza.length,
    stanza.length + 6,
  ]);
});

test("keeps no block without an end in memory", () => {
  const blocks = new IndexBlocks();
  for (let count = 0; count < 10; count++) blocks.push(Buffer.alloc(1 << 20, "a"));
  expect(blocks.finish()).toBeUndefined();
});
