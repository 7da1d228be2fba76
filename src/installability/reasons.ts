import { type Candidate, type Clause, exclusionBetween } from "./candidates.ts";
import type { Link, Selection } from "./selection.ts";

/** Why something cannot be installed. */
export type Reason =
  /** No package meets the relation, a dependency of the last package of the chain. Without a chain it was asked for. */
  | { readonly kind: "missing"; readonly chain: readonly Link[]; readonly relation: string }
  /** The last packages of two chains exclude each other. */
  | {
      readonly kind: "conflict";
      readonly chain: readonly Link[];
      readonly otherChain: readonly Link[];
      /** Undefined for two packages of one name. */
      readonly exclusion: { readonly declarer: Candidate; readonly relation: string } | undefined;
    };

export const chainsOf = (reason: Reason): readonly (readonly Link[])[] =>
  reason.kind === "missing" ? [reason.chain] : [reason.chain, reason.otherChain];

/** A clause, and the package that has it; undefined for what was asked for. */
export interface Demand {
  readonly clause: Clause;
  readonly demander: Candidate | undefined;
}

const reasonsMax = 10;

/** Collects different reasons, from every branch of a search. */
export class Reasons {
  readonly #byKey = new Map<string, Reason>();

  get all(): readonly Reason[] {
    return [...this.#byKey.values()];
  }

  get #isFull(): boolean {
    return this.#byKey.size >= reasonsMax;
  }

  #add(reason: Reason): void {
    const key = keyOf(reason);
    if (!this.#isFull && !this.#byKey.has(key)) this.#byKey.set(key, reason);
  }

  /** Adds why no candidate can meet a demand. `known` are the reasons for what cannot be installed alone. */
  addUnmet(
    { clause, demander }: Demand,
    selection: Selection,
    known: ReadonlyMap<Candidate, readonly Reason[]>,
  ): void {
    if (this.#isFull) return;
    const chain = selection.chainTo(demander);
    const { text: relation, alternatives } = clause;
    if (alternatives.length === 0) this.#add({ kind: "missing", chain, relation });
    for (const candidate of alternatives) {
      const longer = [...chain, { candidate, relation }];
      const reasons = known.get(candidate);
      if (reasons !== undefined) for (const reason of reasons) this.#add(lengthen(reason, longer));
      else this.#addConflict(longer, candidate, selection);
    }
  }

  #addConflict(chain: readonly Link[], candidate: Candidate, selection: Selection): void {
    const rival = selection.rivalOf(candidate);
    if (rival === undefined) return;
    const found = exclusionBetween(candidate, rival);
    this.#add({
      kind: "conflict",
      chain,
      otherChain: selection.chainTo(rival),
      exclusion: found && {
        // Both may declare the same text, and only one of them mean the other.
        declarer: found.declarers.includes(candidate) && found.targets.includes(rival) ? candidate : rival,
        relation: found.text,
      },
    });
  }
}

/** Puts a chain that ends in a package before the chains that begin with it. */
function lengthen(reason: Reason, before: readonly Link[]): Reason {
  const joined = (chain: readonly Link[]): readonly Link[] =>
    chain[0]?.candidate === before.at(-1)?.candidate ? [...before, ...chain.slice(1)] : chain;
  if (reason.kind === "missing") return { ...reason, chain: joined(reason.chain) };
  return { ...reason, chain: joined(reason.chain), otherChain: joined(reason.otherChain) };
}

/** Two reasons that end alike are one, whatever leads there. */
function keyOf(reason: Reason): string {
  if (reason.kind === "missing") return `${lastId(reason.chain)} ${reason.relation}`;
  return [lastId(reason.chain), lastId(reason.otherChain)].toSorted((a, b) => a - b).join();
}

const lastId = (chain: readonly Link[]): number => chain.at(-1)?.candidate.id ?? -1;
