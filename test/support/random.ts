/** Random numbers from a seed, the same on every machine. Not for secrets. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9;
    this.#c = 0x243f6a88;
    for (let turn = 0; turn < 12; turn += 1) this.#next(); // so that a small seed reaches every bit
  }

  /** Returns a whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /** Returns a number from 0 to less than 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  isOneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  /** Returns mostly small numbers, and sometimes any up to `max`. */
  smallUpTo(max: number): number {
    return 1 + this.below(Math.min(max, 2 ** this.below(1 + Math.ceil(Math.log2(max + 1)))));
  }

  /** "Small fast counting", a generator of 128 bits of state. */
  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
