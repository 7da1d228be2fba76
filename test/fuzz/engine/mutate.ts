import type { Random } from "../../support/random.ts";

/** The material for mutations, all of it latin1 text, one character per byte. */
export interface MutationSource {
  readonly random: Random;
  /** Words with a meaning in the format. */
  readonly dictionary: readonly string[];
  /** Returns another input. */
  readonly other: () => string;
  readonly charsMax: number;
}

/** Applies one to eight mutations to a text. */
export function mutate(text: string, source: MutationSource): string {
  let mutated = text;
  for (let left = 2 ** source.random.below(4); left > 0; left -= 1) {
    mutated = source.random.pick(mutations)(mutated, source).slice(0, source.charsMax);
  }
  return mutated;
}

type Mutation = (text: string, source: MutationSource) => string;

const replace = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

const anyPlace = (text: string, random: Random): number => random.below(text.length + 1);

function anyRange(text: string, random: Random): [from: number, to: number] {
  const from = anyPlace(text, random);
  return [from, Math.min(text.length, from + random.smallUpTo(text.length))];
}

/** Returns a byte that parsers of text and of packets treat specially, and sometimes any byte. */
function anyChar(random: Random): string {
  return random.isOneIn(3) ? String.fromCharCode(random.below(256)) : random.pick(oddChars);
}

const oddChars = '\0\t\n\v\f\r !"#%*+,-./0129:=@AFZ[\\]_`afz{~\x7f\x80\x85\xa0\xad\xc3\xe9\xff'.split("");

const oddNumbers: readonly string[] = [
  "0 -0 00 -1 +1 1e3 0x10 1.5 Infinity NaN 18446744073709551616".split(" "),
  [2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2].map(String),
  ["", " 1", "1 ", "9".repeat(400), `${"0".repeat(30)}7`],
].flat();

const separators = ["\n", "\n\n", " ", ":", "/", ", ", "-----", "\0"];

const mutations: readonly Mutation[] = [
  function setChar(text, { random }) {
    const at = anyPlace(text, random);
    return replace(text, at, at + 1, anyChar(random));
  },
  function flipBit(text, { random }) {
    const at = random.below(Math.max(1, text.length));
    const flipped = (text.charCodeAt(at) || 0) ^ (1 << random.below(8));
    return replace(text, at, at + 1, String.fromCharCode(flipped));
  },
  function insertChars(text, { random }) {
    const at = anyPlace(text, random);
    return replace(text, at, at, anyChar(random).repeat(random.smallUpTo(4)));
  },
  function insertLongRun(text, { random }) {
    if (!random.isOneIn(8)) return text;
    const at = anyPlace(text, random);
    return replace(text, at, at, anyChar(random).repeat(random.pick([79, 255, 256, 1_025, 2_049, 4_096])));
  },
  function removeRange(text, { random }) {
    return replace(text, ...anyRange(text, random), "");
  },
  function repeatRange(text, { random }) {
    const [from, to] = anyRange(text, random);
    return replace(text, from, from, text.slice(from, to).repeat(random.smallUpTo(16)));
  },
  function copyRange(text, { random }) {
    const at = anyPlace(text, random);
    return replace(text, at, at, text.slice(...anyRange(text, random)));
  },
  function overwriteByRange(text, { random }) {
    const copied = text.slice(...anyRange(text, random));
    const at = anyPlace(text, random);
    return replace(text, at, at + copied.length, copied);
  },
  function insertWord(text, { random, dictionary }) {
    const at = anyPlace(text, random);
    return replace(text, at, at, random.pick(dictionary));
  },
  function overwriteByWord(text, { random, dictionary }) {
    const word = random.pick(dictionary);
    const at = anyPlace(text, random);
    return replace(text, at, at + word.length, word);
  },
  function turnCase(text, { random }) {
    const [from, to] = anyRange(text, random);
    const range = text.slice(from, to);
    return replace(text, from, to, asciiOnly(range, random.isOneIn(2) ? "upper" : "lower"));
  },
  function changeNumber(text, { random }) {
    const numbers = [...text.matchAll(/[0-9]+/g)];
    if (numbers.length === 0) return text;
    const { 0: found, index } = random.pick(numbers);
    return replace(text, index, index + found.length, random.pick(oddNumbers));
  },
  function changePieces(text, source) {
    const separator = source.random.pick(separators);
    return changedPieces(text.split(separator), separator, source).join(separator);
  },
  function changeSeparator(text, { random }) {
    const separator = random.pick(separators);
    const by = random.pick([
      "\r\n",
      " \n",
      "\t\n",
      "\r",
      "\n ",
      "\n\n",
      "",
      " \r\n",
      random.pick(separators),
    ]);
    if (random.isOneIn(2)) return text.replaceAll(separator, () => by);
    const at = text.indexOf(separator, anyPlace(text, random));
    return at === -1 ? text : replace(text, at, at + separator.length, by);
  },
  function crossOver(text, { random, other }) {
    const second = other();
    return text.slice(0, anyPlace(text, random)) + second.slice(anyPlace(second, random));
  },
  function insertFromOther(text, { random, other }) {
    const second = other();
    const at = anyPlace(text, random);
    return replace(text, at, at, second.slice(...anyRange(second, random)));
  },
];

/** Removes, doubles, exchanges or inserts lines, words, stanzas or parts of a path. */
function changedPieces(
  pieces: readonly string[],
  separator: string,
  { random, other }: MutationSource,
): string[] {
  const at = random.below(pieces.length);
  const piece = pieces[at] ?? "";
  switch (random.below(4)) {
    case 0:
      return pieces.toSpliced(at, 1);
    case 1:
      return pieces.toSpliced(random.below(pieces.length + 1), 0, piece);
    case 2: {
      const to = random.below(pieces.length);
      return pieces.with(at, pieces[to] ?? "").with(to, piece);
    }
    default: {
      const others = other().split(separator);
      const from = random.below(others.length);
      const taken = others.slice(from, from + random.smallUpTo(8));
      return pieces.toSpliced(at, random.below(2), ...taken);
    }
  }
}

/** Latin1 text must stay latin1: the upper case of "ÿ" is not a byte. */
function asciiOnly(text: string, to: "upper" | "lower"): string {
  return text.replace(/[A-Za-z]/g, (letter) =>
    to === "upper" ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
