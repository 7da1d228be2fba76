import type { FieldName } from "../../repository/index.ts";

/** A name in the text of stanzas. */
interface FoundName {
  /** Where its field begins. */
  readonly at: number;
  /** Undefined if only a reader of stanzas can tell it. */
  readonly name: string | undefined;
}

/**
 * Finds names in stanzas without reading them: the first word in the values of some fields. Finds at least those that a
 * `StanzaReader` would, which also knows which of two fields counts.
 */
export class NameFinder {
  readonly #pattern: RegExp;

  constructor(fields: readonly FieldName[]) {
    this.#pattern = new RegExp(String.raw`^(?:${fields.join("|")})[\t\v\f\r ]*:[\t\v\f\r ]*`, "gim");
  }

  /** Yields the names in the order of the text, which begins with a line and ends with one. */
  *find(stanzas: Buffer): Generator<FoundName, void, undefined> {
    const text = stanzas.toString("latin1");
    const pattern = this.#pattern;
    pattern.lastIndex = 0;
    for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
      const start = pattern.lastIndex;
      const end = endOfWord(text, start);
      const isWhole = end > start && !isContinued(text, end);
      // From the bytes: a slice of `text` would keep all of it in memory.
      yield { at: found.index, name: isWhole ? stanzas.toString("latin1", start, end) : undefined };
      pattern.lastIndex = end;
    }
  }
}

/** Returns where the stanza with this place begins, and where it ends with its empty line. The text ends with one. */
export function stanzaAround(stanzas: Buffer, at: number): { readonly start: number; readonly end: number } {
  const before = at < 2 ? -1 : stanzas.lastIndexOf("\n\n", at - 2, "latin1");
  return { start: before === -1 ? 0 : before + 2, end: stanzas.indexOf("\n\n", at, "latin1") + 2 };
}

/** Returns the part of a value that a `NameFinder` finds. */
export const firstWord = (value: string): string => value.slice(0, endOfWord(value, 0));

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !endsWord(text.charCodeAt(at))) at += 1;
  return at;
}

/** True for everything that regular expressions take for white space too, and for what may come behind the name of a source. */
const endsWord = (code: number): boolean => code <= space || code === noBreakSpace || code === parenthesis;

const space = 0x20;
const parenthesis = 0x28;
const noBreakSpace = 0xa0;

/** True if the value goes on in the next line. */
function isContinued(text: string, at: number): boolean {
  const next = text[text.indexOf("\n", at) + 1];
  return next === " " || next === "\t";
}
