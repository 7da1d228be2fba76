/**
 * Texts that are looked for in parts of a long text, such as a few paths in the lines of a tree. A few letters tell most parts
 * from all of them: to make a string of each part takes five times as long.
 */
export class SoughtTexts {
  readonly #texts: Set<string>;
  /** Has 1 where a text has its hash. */
  readonly #hashes = new Uint8Array(hashes);

  constructor(texts: Iterable<string> = []) {
    this.#texts = new Set();
    for (const text of texts) this.add(text);
  }

  add(text: string): void {
    this.#texts.add(text);
    this.#hashes[hashOf(text, 0, text.length)] = 1;
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  /** True if that part of a text is one of them. */
  hasPart(text: string, start: number, end: number): boolean {
    return this.#hashes[hashOf(text, start, end)] === 1 && this.#texts.has(text.slice(start, end));
  }
}

const hashes = 1 << 16;
const lettersPerStep = 3;

/** Of every third letter: names and versions have more than one that differs. */
function hashOf(text: string, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at += lettersPerStep)
    hash = Math.imul(hash ^ text.charCodeAt(at), multiplier);
  return hash >>> 16;
}

/** 2^32 divided by the golden ratio, odd: spreads small differences over the upper bits (Knuth, 6.4). */
const multiplier = 0x9e3779b1;
