import { literalPattern, Untranslatable } from "./name-filter.ts";

/** Makes a pattern for the whole of a text in which a regular expression of Go finds something. */
export function goSearchPattern(text: string): string {
  const pattern = goPattern(text);
  if (pattern.includes("|")) return `.*(?:${pattern}).*`;
  const start = pattern.startsWith("^") || pattern.startsWith(".*") ? "" : ".*";
  const end = /(?:^|[^\\])(?:\$|\.\*)$/.test(pattern) ? "" : ".*";
  return start + pattern + end;
}

/**
 * Makes a regular expression of JavaScript of one of Go (RE2), if both mean the same for texts of ASCII in one line. Throws
 * Untranslatable for what only one of them has, and for repeated repetitions, which take RE2 no time and JavaScript forever.
 */
export function goPattern(text: string): string {
  const reader = new Reader(text);
  const pattern = reader.alternatives(0);
  if (!reader.isAtEnd) throw new Untranslatable("an unmatched ) in a regular expression");
  return checked(pattern.text);
}

/** Such as a range in the wrong order, which neither of both reads. */
function checked(pattern: string): string {
  try {
    return new RegExp(pattern).source === "(?:)" ? "" : pattern;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Untranslatable("a regular expression that cannot be read");
  }
}

interface Part {
  readonly text: string;
  readonly repeats: boolean;
}

const depthMax = 50;
const tooDeep = "a regular expression with very deep groups";

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  alternatives(depth: number): Part {
    if (depth > depthMax) throw new Untranslatable(tooDeep);
    let text = "";
    let repeats = false;
    while (!this.isAtEnd && this.#text[this.#at] !== ")") {
      const part = this.#repeated(depth);
      text += part.text;
      repeats ||= part.repeats;
    }
    return { text, repeats };
  }

  #repeated(depth: number): Part {
    const part = this.#atom(depth);
    const [quantifier] =
      /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(this.#text.slice(this.#at, this.#at + 20)) ?? [];
    if (quantifier === undefined) return part;
    this.#at += quantifier.length;
    if (/[*+?{]/.test(this.#text.charAt(this.#at))) throw new Untranslatable("a doubled repetition");
    const isOptional = quantifier.startsWith("?");
    if (part.repeats && !isOptional) throw new Untranslatable("a repetition of a repetition");
    return { text: part.text + quantifier, repeats: part.repeats || !isOptional };
  }

  #atom(depth: number): Part {
    const rest = this.#text.slice(this.#at);
    if (rest.startsWith("(")) return this.#group(rest, depth);
    const [found] = single.exec(rest) ?? [];
    if (found === undefined)
      throw new Untranslatable(`${JSON.stringify(rest.slice(0, 10))} in a regular expression`);
    this.#at += found.length;
    return { text: translated[found] ?? found, repeats: false };
  }

  #group(rest: string, depth: number): Part {
    const [start = ""] = /^\((?:\?(?::|P?<\w+>))?/.exec(rest) ?? [];
    if (start === "(" && rest.startsWith("(?"))
      throw new Untranslatable(`${JSON.stringify(rest.slice(0, 10))} in a regular expression`);
    this.#at += start.length;
    const inner = this.alternatives(depth + 1);
    if (this.#text[this.#at] !== ")") throw new Untranslatable("an unmatched ( in a regular expression");
    this.#at += 1;
    return { text: `(?:${inner.text})`, repeats: inner.repeats };
  }
}

/** An escape, a set without sets in it, or a character. A brace is one only if no repetition begins with it. */
const single =
  /^(?:\\[dDsSwWAz]|\\[.+*?()|[\]{}^$\\/-]|\[\^?(?:[^\\[\]\n&~-]|-|\\[dsw.+*?()|[\]{}^$\\/-])+\]|[^\\[\](){}*+?\n]|[{}](?!\d))/;

const translated: Readonly<Record<string, string>> = {
  "\\A": "^",
  "\\z": "$",
  "/": literalPattern("/"),
  "{": literalPattern("{"),
  "}": literalPattern("}"),
};
