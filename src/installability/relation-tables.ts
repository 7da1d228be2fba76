import type { Candidate, Clause, Exclusion } from "./candidates.ts";
import type { Offers } from "./offers.ts";
import { parseRelation, splitAlternatives } from "./relations.ts";

/** A candidate while its relations are resolved. */
export interface Node extends Candidate {
  namesakes: readonly Candidate[];
  readonly declares: Exclusion[];
  readonly excludedBy: Exclusion[];
}

/**
 * The dependencies of all packages, each distinct text once: large archives repeat most of them. What meets one is looked up
 * when it is first asked for, after all packages are known: a search that asks for few packages needs few of them.
 */
export class ClauseTable {
  readonly #offers: Offers<Node>;
  /** By architecture, then by text. */
  readonly #clauses = new Map<string, Map<string, Clause>>();

  constructor(offers: Offers<Node>) {
    this.#offers = offers;
  }

  /** Returns the clause that this text means in a package of an architecture. */
  clause(text: string, architecture: string): Clause {
    let clauses = this.#clauses.get(architecture);
    if (clauses === undefined) this.#clauses.set(architecture, (clauses = new Map()));
    let clause = clauses.get(text);
    if (clause === undefined) clauses.set(text, (clause = new TextClause(text, architecture, this.#offers)));
    return clause;
  }
}

class TextClause implements Clause {
  readonly text: string;
  readonly #architecture: string;
  readonly #offers: Offers<Node>;
  #alternatives: readonly Candidate[] | undefined;

  constructor(text: string, architecture: string, offers: Offers<Node>) {
    this.text = text;
    this.#architecture = architecture;
    this.#offers = offers;
  }

  get alternatives(): readonly Candidate[] {
    this.#alternatives ??= alternativesOf(this.text, this.#offers, this.#architecture);
    return this.#alternatives;
  }
}

/** Returns the candidates that meet a dependency of a package of this architecture. */
function alternativesOf(clause: string, offers: Offers<Node>, architecture: string): readonly Candidate[] {
  const relations = splitAlternatives(clause).map(parseRelation);
  // Nothing meets what cannot be read.
  const found = relations.flatMap((one) => (one === undefined ? [] : offers.meeting(one, architecture)));
  return found.length < 2 ? found.slice() : [...new Set(found)]; // no larger than it must be: there are many
}

/** What packages declare in Conflicts and Breaks, each distinct text once. */
export class ExclusionTable {
  readonly #declarers = new Map<string, Node[]>();

  declare(declarer: Node, text: string): void {
    const known = this.#declarers.get(text);
    if (known === undefined) this.#declarers.set(text, [declarer]);
    else known.push(declarer);
  }

  /** Leaves out what matches no package, as most Breaks do: they name old versions. */
  resolve(offers: Offers<Node>): void {
    for (const [text, declarers] of this.#declarers) {
      const targets = excludedBy(text, offers);
      if (targets.length === 0) continue;
      const exclusion = { text, declarers, targets };
      for (const target of targets) target.excludedBy.push(exclusion);
      for (const declarer of declarers) declarer.declares.push(exclusion);
    }
  }
}

/** Returns what a relation of Conflicts or Breaks matches: nothing if it cannot be read. */
export function excludedBy(text: string, offers: Offers<Node>): readonly Node[] {
  const relation = parseRelation(text);
  return relation === undefined ? [] : offers.excluded(relation);
}
