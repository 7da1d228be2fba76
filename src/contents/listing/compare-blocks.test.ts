import { array, assert, asyncProperty, constantFrom, integer, record, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { StanzaReader } from "../../repository/index.ts";
import { compareBlocks, type EarlierBlock } from "./compare-blocks.ts";
import { digestOf, headOf } from "./index-blocks.ts";
import { TextWindow } from "./text-window.ts";

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), "latin1");
}

/** A block of a stanza each, in the order of these. */
function blocksOf(stanzas: readonly string[]): readonly EarlierBlock[] {
  return stanzas.map((stanza, index) => {
    const bytes = Buffer.from(stanza, "latin1");
    const told = { head: headOf(bytes), sha256: digestOf(bytes) };
    return { ...told, bytes: bytes.length, start: index, end: index + 1 };
  });
}

/** Returns the texts of what is found: each step, in order. */
async function compare(earlier: readonly string[], later: string, chunkBytes = 1 << 16) {
  const found: { readonly kind: "keep" | "remove" | "add"; text: string }[] = [];
  const add = (kind: "keep" | "remove" | "add", text: string): void => {
    if (found.at(-1)?.kind === kind)
      found[found.length - 1] = { kind, text: (found.at(-1)?.text ?? "") + text };
    else if (text !== "") found.push({ kind, text });
  };
  const textOf = (blocks: readonly EarlierBlock[]) => blocks.map(({ start }) => earlier[start]).join("");
  const isWhole = await compareBlocks(
    new TextWindow(inChunks(later, chunkBytes)),
    blocksOf(earlier).values(),
    {
      keep: (block) => add("keep", textOf([block])),
      remove: (blocks) => add("remove", textOf(blocks)),
      add: (bytes) => add("add", bytes.toString("latin1")),
    },
  );
  return { isWhole, found };
}

/** Long enough that its head is not the next one's too. */
const stanza = (name: string, value = "1"): string =>
  `Package: ${name}\nVersion: ${value}\nDescription: ${"about it ".repeat(10)}\n\n`;
const many = (count: number, value = "1") =>
  Array.from({ length: count }, (_, index) => stanza(`p${index}`, value));

/** Everything that has to be read of the later version. */
const read = async (earlier: readonly string[], later: readonly string[]) => {
  const { found } = await compare(earlier, later.join(""));
  return found.flatMap(({ kind, text }) => (kind === "add" ? text : []));
};

describe("reads only", () => {
  const before = many(100);
  const last = before.at(-1) ?? "";

  test("the last stanza, if nothing has changed", async () => {
    expect(await read(before, before)).toEqual([last]);
  });

  test.each<[string, readonly string[], string]>([
    ["a stanza that was replaced", before.with(50, stanza("p50", "2")), stanza("p50", "2")],
    ["a stanza that came", before.toSpliced(50, 0, stanza("new")), stanza("new")],
    ["the first stanza, if it was replaced", before.with(0, stanza("p0", "2")), stanza("p0", "2")],
    [
      "what many new stanzas in one place say",
      before.toSpliced(50, 0, ...many(300, "3")),
      many(300, "3").join(""),
    ],
    ["a stanza behind one that is gone", before.toSpliced(50, 1).with(70, stanza("x")), stanza("x")],
  ])("%s", async (_, after, changed) => {
    expect(await read(before, after)).toEqual([changed, last]);
  });

  test("no stanza because another one is gone", async () => {
    expect(await read(before, before.toSpliced(50, 1))).toEqual([last]);
  });
});

test("reads the last stanza, which the next version may continue", async () => {
  const { found } = await compare([stanza("a"), "Package: b\n"], `${stanza("a")}Package: b\nVersion: 2\n`);
  expect(found.at(-1)).toEqual({ kind: "add", text: "Package: b\nVersion: 2\n" });
});

test("gives up at a text without empty lines", async () => {
  const endless = "Field: value\n".repeat(1_000_000);
  expect((await compare([stanza("a"), stanza("b")], endless)).isWhole).toBe(false);
});

test("holds few bytes, however large stanzas are", async () => {
  const sizeBytes = 1 << 16;
  const told = { bytes: sizeBytes, head: "", sha256: "" };
  const blocks = Array.from({ length: 800 }, (_, index) => ({ ...told, start: index, end: index + 1 }));
  let heldBytes = 0;
  async function* stanzas(): AsyncGenerator<Uint8Array> {
    for (const { start } of blocks) {
      heldBytes = Math.max(heldBytes, later.bytes.length);
      yield Buffer.from(`P: ${start}${"b".repeat(sizeBytes)}`.slice(0, sizeBytes - 2).concat("\n\n"));
    }
  }
  const later = new TextWindow(stanzas());
  const findings = { keep: ignore, remove: ignore, add: ignore };
  expect(await compareBlocks(later, blocks.values(), findings)).toBe(true);
  expect(heldBytes).toBeLessThan(10 << 20);
});

function ignore(): void {}

/** What a reader of a text finds. */
function stanzasIn(text: string): readonly (readonly (string | undefined)[])[] {
  const reader = new StanzaReader("Packages");
  const found = [...reader.push(Buffer.from(text, "latin1")), ...reader.end()];
  return found.map((one) => [one.get("package"), one.get("version"), one.get("x"), one.get("z")]);
}

test("cuts both versions so that the pieces are read as the whole is", async () => {
  const piece = constantFrom(stanza("a"), stanza("b"), stanza("c"), stanza("a", "2"), "\n", "X: 1\r\n\r\n");
  const change = record({
    at: integer({ min: 0, max: 60 }),
    gone: integer({ min: 0, max: 40 }),
    come: array(piece),
  });
  const versions = record({
    before: array(piece, { maxLength: 60, size: "max" }),
    changes: array(change, { maxLength: 4 }),
    ends: array(string({ unit: constantFrom("Z: 1\n", "\n"), maxLength: 3 }), { minLength: 2, maxLength: 2 }),
    chunkBytes: integer({ min: 1, max: 200 }),
  });
  await assert(
    asyncProperty(versions, async ({ before, changes, ends: [end = "", laterEnd = ""], chunkBytes }) => {
      const after = changes.reduce(
        (stanzas, { at, gone, come }) => stanzas.toSpliced(at, gone, ...come),
        before,
      );
      const [earlier, later] = [before.join("") + end, after.join("") + laterEnd];
      const { isWhole, found } = await compare([...before, end], later, chunkBytes);
      const piecesOf = (kind: "remove" | "add") =>
        found.flatMap((each) => (each.kind === "keep" || each.kind === kind ? each.text : []));
      expect(isWhole).toBe(true);
      expect(piecesOf("remove").join("")).toBe(earlier);
      expect(piecesOf("add").join("")).toBe(later);
      expect(piecesOf("remove").flatMap(stanzasIn)).toEqual(stanzasIn(earlier));
      expect(piecesOf("add").flatMap(stanzasIn)).toEqual(stanzasIn(later));
    }),
    { numRuns: 500 },
  );
});
