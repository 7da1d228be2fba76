import type { Candidate, Clause, Exclusion } from "./candidates.ts";
import type { Offers } from "./offers.ts";
import { parseRelation, splitAlternatives } from "./relations.ts";

/** A candidate while its relations are resolved. */
export interface Node extends Candidate {
  namesakes: readonly Candidate[];
  readonly declares: Exclusion[];
  readonly excludedBy: Exclusion[];
}

type Open<Item> = { -readonly [Key in keyof Item]: Item[Key] };

/**
 * The dependencies of all packages, each distinct text once: large archives repeat most of them. What meets them is known
 * once all packages are.
 */
export class ClauseTable {
  /** By architecture, then by text. */
  readonly #clauses = new Map<string, Map<string, Open<Clause>>>();

  /** Returns the clause that this text means in a package of an architecture. */
  clause(text: string, architecture: string): Open<Clause> {
    const known = this.#clauses.get(architecture) ?? new Map<string, Open<Clause>>();
    if (known.size === 0) this.#clauses.set(architecture, known);
    const clause = known.get(text) ?? { text, alternatives: [] };
    known.set(text, clause);
    return clause;
  }

  resolve(offers: Offers<Node>): void {
    for (const [architecture, clauses] of this.#clauses)
      for (const clause of clauses.values())
        clause.alternatives = alternativesOf(clause.text, offers, architecture);
  }
}

/** Returns the candidates that meet a dependency of a package of this architecture. */
export function alternativesOf(
  clause: string,
  offers: Offers<Node>,
  architecture: string,
): readonly Candidate[] {
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
      const relation = parseRelation(text);
      const targets = relation === undefined ? [] : offers.excluded(relation);
      if (targets.length === 0) continue;
      const exclusion = { text, declarers, targets };
      for (const target of targets) target.excludedBy.push(exclusion);
      for (const declarer of declarers) declarer.declares.push(exclusion);
    }
  }
}
