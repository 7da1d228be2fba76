import { decidingDigests, type FieldName, type Stanza, StanzaReader } from "../../repository/index.ts";
import { TextWindow } from "../listing/text-window.ts";
import { readIndex } from "../read-index.ts";
import { firstWord, NameFinder, stanzaAround } from "./find-names.ts";
import type { IndexOfTree } from "./read-differing.ts";

/** Which stanzas to read: those of which one of the fields begins with one of the words. */
interface Selection {
  readonly fields: readonly FieldName[];
  readonly words: ReadonlySet<string>;
}

/**
 * Streams these stanzas of an index and perhaps some others, in its order, with the `wanted` fields. Reads nothing else, but
 * checks the bytes of the index by the digests that decide.
 */
export async function* readNamed(
  { tree, index }: IndexOfTree,
  wanted: readonly FieldName[],
  { fields, words }: Selection,
): AsyncGenerator<Stanza, void, undefined> {
  const reader = new StanzaReader(index.name, { wanted });
  const finder = new NameFinder(fields);
  const names = new Set([...words].map(firstWord));
  await using text = new TextWindow(readIndex(tree, index, decidingDigests));
  while (await text.has(1)) {
    await text.has(bytesAtOnce);
    const whole = text.bytes.lastIndexOf("\n\n", text.bytes.length, "latin1") + 2;
    if (whole === 1) break;
    const stanzas = text.bytes.subarray(0, whole);
    let readTo = 0;
    for (const { at, name } of finder.find(stanzas)) {
      if (at < readTo || (name !== undefined && !names.has(name))) continue;
      const { start, end } = stanzaAround(stanzas, at);
      yield* reader.push(stanzas.subarray(start, end));
      readTo = end;
    }
    text.drop(whole);
  }
  for (; await text.has(1); text.drop(text.bytes.length)) yield* reader.push(text.bytes); // the last stanza, or a very large one
  yield* reader.end();
}

const bytesAtOnce = 256 << 10;
