import { type Candidate, type Clause, forEachRival } from "./candidates.ts";

/** A package of a chain, and the dependency by which it came in. */
export interface Link {
  readonly candidate: Candidate;
  /** Of the package before it. For the first one: what was asked for. */
  readonly relation: string;
}

/** The packages chosen so far, in their order, and what they exclude. */
export class Selection {
  readonly order: Candidate[] = [];
  readonly #isChosen: Uint8Array;
  /** How many times chosen packages exclude each candidate. */
  readonly #exclusions: Int32Array;
  readonly #clauses: Clause[] = [];
  readonly #demanders: (Candidate | undefined)[] = [];

  constructor(candidates: number) {
    this.#isChosen = new Uint8Array(candidates);
    this.#exclusions = new Int32Array(candidates);
  }

  has({ id }: Candidate): boolean {
    return this.#isChosen[id] === 1;
  }

  excludes({ id }: Candidate): boolean {
    return this.#exclusions[id] !== 0;
  }

  /** Adds a candidate that nothing chosen excludes, to meet a clause of `demander`. */
  choose(candidate: Candidate, clause: Clause, demander: Candidate | undefined): void {
    this.#isChosen[candidate.id] = 1;
    this.#clauses[candidate.id] = clause;
    this.#demanders[candidate.id] = demander;
    this.order.push(candidate);
    this.#count(candidate, 1);
  }

  /** Removes all but the first `count` packages. */
  shorten(count: number): void {
    while (this.order.length > count) {
      const last = this.order.pop();
      if (last === undefined) return;
      this.#isChosen[last.id] = 0;
      this.#count(last, -1);
    }
  }

  /** Returns how a chosen candidate came in, from what was asked for, or from an Essential package. */
  chainTo(candidate: Candidate | undefined): readonly Link[] {
    const chain: Link[] = [];
    for (let one = candidate; one !== undefined; one = this.#demanders[one.id])
      chain.push({ candidate: one, relation: this.#clauses[one.id]?.text ?? "" });
    return chain.toReversed();
  }

  /** Returns the chosen package that excludes a candidate. */
  rivalOf(candidate: Candidate): Candidate | undefined {
    let found: Candidate | undefined;
    forEachRival(candidate, (rival) => {
      if (found === undefined && this.has(rival)) found = rival;
    });
    return found;
  }

  #count(candidate: Candidate, by: 1 | -1): void {
    forEachRival(candidate, ({ id }) => {
      this.#exclusions[id] = (this.#exclusions[id] ?? 0) + by;
    });
  }
}
