import { comparedBytesMax, type LineRange } from "../../plan/index.ts";
import { digestOf, headOf, type IndexBlock } from "./index-blocks.ts";
import type { TextWindow } from "./text-window.ts";

/** A block of the earlier version of an index, and the lines of its files. */
export interface EarlierBlock extends IndexBlock, LineRange {}

/** Takes what a comparison finds, in the order of both versions. */
export interface Findings {
  /** Both versions have this block here. */
  keep(block: EarlierBlock): void;
  /** The earlier version alone has these here. */
  remove(blocks: readonly EarlierBlock[]): void;
  /** The later version alone has these bytes. They begin with a stanza, or continue those of the call before. */
  add(bytes: Buffer): void;
}

/**
 * Compares a later version of an index with the blocks of an earlier one. What a reader finds in a stanza depends on its bytes
 * alone, wherever a stanza may begin: at the start of the text, and behind an empty line. So the stanzas of a block that both
 * versions have need not be read. Returns false if the later version has no end of a stanza where one is needed.
 */
export async function compareBlocks(
  later: TextWindow,
  blocks: Iterator<EarlierBlock>,
  findings: Findings,
): Promise<boolean> {
  const comparison = new Comparison(later, blocks, findings);
  for (await comparison.keepEqual(); !comparison.isAtEnd; await comparison.keepEqual())
    if (!(await comparison.passDifference())) return false;
  await comparison.end();
  return true;
}

/**
 * How many blocks of the earlier version and stanzas of the later one are looked through for a block that both have, at first
 * and then: most changes replace a stanza.
 */
const lookahead = [
  { blocks: 2, stanzas: 32 },
  { blocks: 16, stanzas: 256 },
  { blocks: 256, stanzas: 4096 },
];
/** Where stanzas are large, fewer of them: an upstream could fill the memory otherwise. */
const lookaheadBytes = 8 << 20;

class Comparison {
  readonly #later: TextWindow;
  readonly #blocks: Iterator<EarlierBlock>;
  readonly #findings: Findings;
  #ahead: EarlierBlock[] = [];

  constructor(later: TextWindow, blocks: Iterator<EarlierBlock>, findings: Findings) {
    this.#later = later;
    this.#blocks = blocks;
    this.#findings = findings;
  }

  get isAtEnd(): boolean {
    return this.#nextAt(0) === undefined;
  }

  /** Passes all blocks up to the first that differs. */
  async keepEqual(): Promise<void> {
    for (let next = this.#nextAt(0); next !== undefined; next = this.#nextAt(0)) {
      if (!(await this.#hasAt(0, next))) return;
      this.#findings.keep(next);
      this.#later.drop(next.bytes);
      this.#ahead.shift();
    }
  }

  /** Passes everything up to the next block that both versions have, or as far as it has looked for one. */
  async passDifference(): Promise<boolean> {
    let passed: Common = { gone: 0, bytes: 0 };
    for (const count of lookahead) {
      const blocks = this.#next(count.blocks);
      const starts = await this.#startsInLater(count.stanzas);
      if (starts === undefined) return false;
      const common = await this.#findCommon(blocks, starts);
      passed = common ?? { gone: blocks.length, bytes: starts.at(-1) ?? 0 };
      if (common !== undefined) break;
    }
    this.#findings.remove(this.#ahead.splice(0, passed.gone));
    this.#findings.add(this.#later.bytes.subarray(0, passed.bytes));
    this.#later.drop(passed.bytes);
    return true;
  }

  /** The last block is read in any case: it may have ended with its text, without an empty line. */
  async end(): Promise<void> {
    this.#findings.remove(this.#ahead);
    for (let isMore = true; isMore; isMore = await this.#later.has(1)) {
      const { bytes } = this.#later;
      this.#findings.add(bytes);
      this.#later.drop(bytes.length);
    }
  }

  /** Returns the block after that many others; undefined for the last one, and after it. */
  #nextAt(index: number): EarlierBlock | undefined {
    while (this.#ahead.length <= index + 1) {
      const { value, done } = this.#blocks.next();
      if (done === true) return undefined;
      this.#ahead.push(value);
    }
    return this.#ahead[index];
  }

  /** Returns the next blocks, up to the one with which they have too many bytes. */
  #next(countMax: number): readonly EarlierBlock[] {
    let count = 0;
    for (let bytes = 0; count < countMax && bytes < lookaheadBytes; count++) {
      const block = this.#nextAt(count);
      if (block === undefined) break;
      bytes += block.bytes;
    }
    return this.#ahead.slice(0, count);
  }

  /** True if the later version has the block at this place, counted from the present one. */
  async #hasAt(at: number, { bytes, sha256 }: EarlierBlock): Promise<boolean> {
    return (
      (await this.#later.has(at + bytes)) && digestOf(this.#later.bytes.subarray(at, at + bytes)) === sha256
    );
  }

  /** Returns where the next stanzas of the later version begin, the present place first; undefined if one has no end. */
  async #startsInLater(count: number): Promise<readonly number[] | undefined> {
    const starts = [0];
    for (let at = 0; starts.length <= count && at < lookaheadBytes; ) {
      const end = this.#later.bytes.indexOf("\n\n", at, "latin1");
      if (end !== -1) starts.push((at = afterEmptyLines(this.#later.bytes, end + 2)));
      else if (this.#later.bytes.length - at > comparedBytesMax) return undefined;
      else if (!(await this.#later.hasMore())) break;
    }
    return starts;
  }

  /** Returns the block that both have for which least has to be read. */
  async #findCommon(blocks: readonly EarlierBlock[], starts: readonly number[]): Promise<Common | undefined> {
    const places = new Map<string, number>();
    for (const start of starts.toReversed()) places.set(headOf(this.#later.bytes.subarray(start)), start);
    const likely = [...blocks.entries()].flatMap(([gone, block]) => {
      const start = places.get(block.head);
      return start === undefined ? [] : [{ gone, block, start }];
    });
    for (const { gone, block, start } of likely.toSorted((a, b) => a.start - b.start))
      if (await this.#hasAt(start, block)) return { gone, bytes: start };
    return undefined;
  }
}

/** There may be a million of them. */
function afterEmptyLines(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === lineFeed) at++;
  return at;
}

const lineFeed = 0x0a;

/** The next block that both versions have: how many blocks of the earlier one come before, and how many bytes of the later one. */
interface Common {
  readonly gone: number;
  readonly bytes: number;
}
