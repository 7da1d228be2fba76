import { comparedBytesMax, type LineRange } from "../../plan/index.ts";
import type { TextWindow } from "./text-window.ts";

/** A stanza of the earlier version of an index, with the empty lines behind it, and the lines of its files. */
export interface EarlierStanza extends LineRange {
  readonly bytes: number;
}

/** Takes what a comparison finds, in the order of both versions. */
export interface Findings {
  /** Both versions have these stanzas here. */
  keep(stanzas: readonly EarlierStanza[]): void;
  /** The earlier version alone has these here. */
  remove(stanzas: readonly EarlierStanza[]): void;
  /** The later version alone has these bytes. They begin with a stanza, or continue those of the call before. */
  add(bytes: Buffer): void;
}

/**
 * Compares two versions of an index byte by byte. What a reader finds in a stanza depends on its bytes alone, wherever a stanza
 * may begin: at the start of the text, and behind an empty line. So stanzas of equal bytes need not be read. Returns false if
 * the later version has no end of a stanza where one is needed.
 */
export async function compareStanzas(
  earlier: TextWindow,
  later: TextWindow,
  stanzas: Iterator<EarlierStanza>,
  findings: Findings,
): Promise<boolean> {
  const comparison = new Comparison(earlier, later, stanzas, findings);
  for (await comparison.keepEqual(); !comparison.isAtEnd; await comparison.keepEqual())
    if (!(await comparison.passDifference())) return false;
  await comparison.end();
  return true;
}

/** Stanzas are compared at once until they have this many bytes. */
const runBytes = 16 << 10;
/** How many stanzas of each version are looked through for one that both have, at first and then: most changes replace one. */
const lookahead = [8, 64, 1024];
/** Where stanzas are large, fewer of them: an upstream could fill the memory otherwise. */
const lookaheadBytes = 8 << 20;
/** So many bytes tell most stanzas from others. */
const keyBytes = 96;

class Comparison {
  readonly #earlier: TextWindow;
  readonly #later: TextWindow;
  readonly #stanzas: Iterator<EarlierStanza>;
  readonly #findings: Findings;
  #ahead: EarlierStanza[] = [];

  constructor(earlier: TextWindow, later: TextWindow, stanzas: Iterator<EarlierStanza>, findings: Findings) {
    this.#earlier = earlier;
    this.#later = later;
    this.#stanzas = stanzas;
    this.#findings = findings;
  }

  get isAtEnd(): boolean {
    return this.#nextAt(0) === undefined;
  }

  /** Passes all stanzas up to the first that differs. */
  async keepEqual(): Promise<void> {
    const next = () => this.#next(Number.POSITIVE_INFINITY, runBytes);
    for (let run = next(); run.length > 0; run = next()) {
      const bytes = bytesOf(run);
      await this.#earlier.has(bytes);
      await this.#later.has(bytes);
      const equal = this.#isSame(0, 0, bytes) ? run.length : this.#countEqual(run);
      this.#findings.keep(run.slice(0, equal));
      this.#drop({ gone: equal, bytes: bytesOf(run.slice(0, equal)) });
      if (equal < run.length) return;
    }
  }

  /** Passes everything up to the next stanza that both versions have, or as far as it has looked for one. */
  async passDifference(): Promise<boolean> {
    let passed: Common = { gone: 0, bytes: 0 };
    for (const count of lookahead) {
      const stanzas = this.#next(count, lookaheadBytes);
      await this.#earlier.has(bytesOf(stanzas));
      const starts = await this.#startsInLater(count);
      if (starts === undefined) return false;
      const common = this.#findCommon(stanzas, starts);
      passed = common ?? { gone: stanzas.length, bytes: starts.at(-1) ?? 0 };
      if (common !== undefined) break;
    }
    this.#findings.remove(this.#ahead.slice(0, passed.gone));
    this.#findings.add(this.#later.bytes.subarray(0, passed.bytes));
    this.#drop(passed);
    return true;
  }

  /** The last stanza is read in any case: it may have ended with its text, without an empty line. */
  async end(): Promise<void> {
    this.#findings.remove(this.#ahead);
    await this.#earlier.dropRest();
    for (let isMore = true; isMore; isMore = await this.#later.has(1)) {
      const { bytes } = this.#later;
      this.#findings.add(bytes);
      this.#later.drop(bytes.length);
    }
  }

  /** Returns the stanza after that many others; undefined for the last one, and after it. */
  #nextAt(index: number): EarlierStanza | undefined {
    while (this.#ahead.length <= index + 1) {
      const { value, done } = this.#stanzas.next();
      if (done === true) return undefined;
      this.#ahead.push(value);
    }
    return this.#ahead[index];
  }

  /** Returns the next stanzas, up to the one with which they have so many bytes. */
  #next(countMax: number, bytesMax: number): readonly EarlierStanza[] {
    let count = 0;
    for (let bytes = 0; count < countMax && bytes < bytesMax; count++) {
      const stanza = this.#nextAt(count);
      if (stanza === undefined) break;
      bytes += stanza.bytes;
    }
    return this.#ahead.slice(0, count);
  }

  #countEqual(run: readonly EarlierStanza[]): number {
    let at = 0;
    for (const [count, { bytes }] of run.entries()) {
      if (!this.#isSame(at, at, bytes)) return count;
      at += bytes;
    }
    return run.length;
  }

  #isSame(earlierAt: number, laterAt: number, bytes: number): boolean {
    return this.#earlier.isSame(earlierAt, this.#later, laterAt, bytes);
  }

  /** Returns where the next stanzas of the later version begin, the present place first; undefined if one has no end. */
  async #startsInLater(count: number): Promise<readonly number[] | undefined> {
    const starts = [0];
    for (let at = 0; starts.length <= count && at < lookaheadBytes; ) {
      const end = this.#later.bytes.indexOf("\n\n", at, "latin1");
      if (end !== -1) starts.push((at = end + 2));
      else if (this.#later.bytes.length - at > comparedBytesMax) return undefined;
      else if (!(await this.#later.hasMore())) break;
    }
    return starts;
  }

  /** Returns the nearest stanza that both have. */
  #findCommon(stanzas: readonly EarlierStanza[], starts: readonly number[]): Common | undefined {
    const nth = new Map(starts.map((start, index) => [this.#later.keyAt(start, keyBytes), index]));
    const places = placesOf(stanzas);
    let nearest: Common | undefined;
    let distance = Number.POSITIVE_INFINITY;
    for (const [gone, { bytes }] of stanzas.entries()) {
      if (gone >= distance) break;
      const index = nth.get(this.#earlier.keyAt(places[gone] ?? 0, keyBytes)) ?? starts.length;
      const start = starts[index];
      if (start === undefined || gone + index >= distance) continue;
      if (!this.#isSame(places[gone] ?? 0, start, bytes)) continue;
      nearest = { gone, bytes: start };
      distance = gone + index;
    }
    return nearest;
  }

  #drop({ gone, bytes }: Common): void {
    this.#earlier.drop(bytesOf(this.#ahead.slice(0, gone)));
    this.#later.drop(bytes);
    this.#ahead.splice(0, gone);
  }
}

/** The next stanza that both versions have: how many stanzas of the earlier one come before, and how many bytes of the later one. */
interface Common {
  readonly gone: number;
  readonly bytes: number;
}

const bytesOf = (stanzas: readonly EarlierStanza[]): number =>
  stanzas.reduce((sum, { bytes }) => sum + bytes, 0);

/** Returns how many bytes come before each of these stanzas. */
function placesOf(stanzas: readonly EarlierStanza[]): readonly number[] {
  let at = 0;
  return stanzas.map(({ bytes }) => (at += bytes) - bytes);
}
