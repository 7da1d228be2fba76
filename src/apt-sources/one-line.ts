import { quote } from "../repository/index.ts";
import { buildEntry, EntryError, type WrittenOption } from "./build-entry.ts";
import type { SourceEntry } from "./source-entry.ts";

/** Reads a line such as `deb [arch=amd64] https://h.example/debian trixie main`. Undefined if it is empty. Throws EntryError. */
export function parseSourceLine(text: string, line: number): SourceEntry | undefined {
  const words = new Words(withoutComment(text));
  const type = words.next();
  if (type === undefined) return undefined;
  const options = words.startsOptions() ? readOptions(words) : [];
  const [uri, suite] = [words.next(), words.next()];
  if (uri === undefined || suite === undefined)
    throw new EntryError(
      uri === undefined
        ? "the URI is missing"
        : "the suite is missing: expected a name, or a path that ends in /",
    );
  const components = [...words.rest()].map(decode);
  return buildEntry({
    line,
    enabled: true,
    types: [type],
    uris: [uri],
    suites: [decode(suite)],
    components,
    options,
  });
}

/** A "#" begins a comment, but not inside brackets. */
function withoutComment(text: string): string {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "#") return text.slice(0, at);
    if (text[at] === "[") at = Math.max(at, text.indexOf("]", at));
  }
  return text;
}

function readOptions(words: Words): WrittenOption[] {
  const options: WrittenOption[] = [];
  for (const word of words.options()) {
    const [, name, sign, value] = /^([A-Za-z][\w-]*?)([+-]?)=(.+)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined)
      throw new EntryError(`the option ${quote(word)} is not of the form name=value`);
    options.push({ name, change: sign === "+" ? "add" : sign === "-" ? "remove" : "set", lines: [value] });
  }
  return options;
}

/** The words of a line, as apt splits it (ParseQuoteWord): blanks count neither in quotes nor in brackets. */
class Words {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): string | undefined {
    this.#skipBlanks();
    const start = this.#at;
    while (this.#at < this.#text.length && !this.#isBlank()) {
      const close = closing[this.#text[this.#at] ?? ""];
      if (close !== undefined) this.#at = this.#find(close);
      this.#at += 1;
    }
    const word = this.#text.slice(start, this.#at).replaceAll('"', "");
    return this.#at === start ? undefined : word;
  }

  *rest(): Generator<string> {
    for (let word = this.next(); word !== undefined; word = this.next()) yield word;
  }

  startsOptions(): boolean {
    this.#skipBlanks();
    return this.#text[this.#at] === "[";
  }

  /** Returns the words between the brackets here, and goes behind them. */
  options(): readonly string[] {
    const end = this.#find("]");
    const inside = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return [...new Words(inside).rest()];
  }

  #find(character: string): number {
    const found = this.#text.indexOf(character, this.#at + 1);
    if (found === -1) throw new EntryError(`a ${character} is missing`);
    return found;
  }

  #skipBlanks(): void {
    while (this.#at < this.#text.length && this.#isBlank()) this.#at += 1;
  }

  #isBlank = (): boolean => /\s/.test(this.#text[this.#at] ?? "");
}

const closing: Readonly<Record<string, string | undefined>> = { '"': '"', "[": "]" };

/** In a line, "%20" is a blank. URIs are not decoded: a URL has the same rule. */
const decode = (word: string): string =>
  word.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
