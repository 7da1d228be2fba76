import { compareVersions } from "../repository/index.ts";
import type { Candidate } from "./candidates.ts";
import { chainsOf, type Reason } from "./reasons.ts";
import { namesIn } from "./relations.ts";
import type { Link } from "./selection.ts";
import type { Universe } from "./universe.ts";

/** The change of a package that made another one uninstallable. */
export interface Culprit {
  /**
   * - `needs`: it has the dependency `relation`, and had not before.
   * - `offered`: it met the dependency `relation` before, and does not now.
   * - `excludes`: it excludes a package that it did not exclude before, or is excluded by it: `relation` of Conflicts or Breaks.
   * - `differs`: it is on the way to what breaks, and no relation explains how. `relation` is its name.
   */
  readonly role: "needs" | "offered" | "excludes" | "differs";
  readonly relation: string;
  /** Undefined if the package was added. */
  readonly before: Candidate | undefined;
  /** Undefined if the package was removed. */
  readonly after: Candidate | undefined;
}

/** Two universes of the same machine. */
export interface Universes {
  /** May lack packages that have none of the names of `namesBehind`, and provide none of them. */
  readonly before: Universe;
  readonly after: Universe;
}

/** Compares what universes have, to explain what one of them cannot install any more. */
export class CulpritSearch {
  readonly #before: Universe;
  readonly #after: Universe;

  constructor({ before, after }: Universes) {
    this.#before = before;
    this.#after = after;
  }

  explain(reason: Reason): Culprit | undefined {
    const atEnd = reason.kind === "missing" ? this.#ofMissing(reason) : this.#ofConflict(reason);
    return atEnd ?? firstOf(chainsOf(reason), (chain) => this.#onChain(chain));
  }

  /** Returns a version that met a dependency of the chain before, beside another one that is still there. */
  findLostVersion(chain: readonly Link[]): Culprit | undefined {
    return firstOf([...chain.entries()], ([at, { relation }]) => {
      const architecture = chain[at - 1]?.candidate.countsAs;
      const left = new Set(this.#after.clause(relation, architecture).alternatives.map(identityOf));
      const before = this.#before.clause(relation, architecture).alternatives;
      const lost = before.find((one) => !left.has(identityOf(one)));
      return lost && this.#lost(relation, lost);
    });
  }

  /** Returns the first of these packages that was not there before, or was not the newest of its name. */
  findDifference(candidates: readonly Candidate[]): Culprit | undefined {
    const changed = candidates.find((one) => {
      const isThere = this.#old(one).some((old) => identityOf(old) === identityOf(one));
      return !isThere || newestOf(this.#old(one))?.version !== one.version;
    });
    return changed && this.#changed("differs", changed.name, changed);
  }

  #ofMissing({ chain, relation }: Extract<Reason, { readonly kind: "missing" }>): Culprit | undefined {
    const demander = chain.at(-1)?.candidate;
    const [lost] = this.#before.clause(relation, demander?.countsAs).alternatives;
    if (lost !== undefined) return this.#lost(relation, lost);
    return demander && this.#ifNewDependency(demander, relation);
  }

  #ofConflict({
    chain,
    otherChain,
    exclusion,
  }: Extract<Reason, { readonly kind: "conflict" }>): Culprit | undefined {
    const [one, other] = [chain.at(-1)?.candidate, otherChain.at(-1)?.candidate];
    if (one === undefined || other === undefined) return undefined;
    if (exclusion === undefined) return this.#ofVersions([chain, otherChain]);
    const { declarer, relation } = exclusion;
    const target = declarer === one ? other : one;
    const targets = this.#old(target);
    const isTarget = (found: Candidate): boolean => targets.includes(found);
    const declared = this.#old(declarer).flatMap(({ declares }) => declares);
    if (declared.some((before) => before.targets.some(isTarget))) return undefined; // as it was before
    return this.#changed(
      "excludes",
      relation,
      this.#before.excluded(relation).some(isTarget) ? declarer : target,
    );
  }

  /** Two versions or architectures of one package are asked for. */
  #ofVersions(chains: readonly (readonly Link[])[]): Culprit | undefined {
    return firstOf(chains, (chain) => {
      const [demander, relation] = [chain.at(-2)?.candidate, chain.at(-1)?.relation];
      return demander && this.#ifNewDependency(demander, relation ?? "");
    });
  }

  /** Goes from the end of a chain to its beginning. */
  #onChain(chain: readonly Link[]): Culprit | undefined {
    for (let at = chain.length - 1; at > 0; at -= 1) {
      const [demander, link] = [chain[at - 1]?.candidate, chain[at]];
      if (demander === undefined || link === undefined) continue;
      const culprit = this.#ofLostAlternative(demander, link) ?? this.#ofNarrowedDependency(demander, link);
      if (culprit !== undefined) return culprit;
    }
    return undefined;
  }

  #ofLostAlternative({ countsAs }: Candidate, { relation }: Link): Culprit | undefined {
    const left = new Set(this.#after.clause(relation, countsAs).alternatives.map(({ name }) => name));
    const before = this.#before.clause(relation, countsAs).alternatives;
    const lost = before.find(({ name }) => !left.has(name));
    return lost && this.#lost(relation, lost);
  }

  /** The demander, if it did not depend on the next package before, or had a choice that it has not now. */
  #ofNarrowedDependency(demander: Candidate, { candidate, relation }: Link): Culprit | undefined {
    const asked = new Set([candidate.name, ...namesIn(relation)]);
    const isAsNarrow = (text: string): boolean => namesIn(text).every((name) => asked.has(name));
    return this.#oldDependencies(demander).some(isAsNarrow)
      ? undefined
      : this.#changed("needs", relation, demander);
  }

  #ifNewDependency(demander: Candidate, relation: string): Culprit | undefined {
    return this.#oldDependencies(demander).includes(relation)
      ? undefined
      : this.#changed("needs", relation, demander);
  }

  #changed(role: Culprit["role"], relation: string, after: Candidate): Culprit {
    return { role, relation, before: newestOf(this.#old(after)), after };
  }

  #lost(relation: string, before: Candidate): Culprit {
    const isNew = ({ version }: Candidate): boolean =>
      this.#old(before).every((old) => old.version !== version);
    return {
      role: "offered",
      relation,
      before,
      after: newestOf(namesakes(this.#after, before).filter(isNew)),
    };
  }

  #old(one: Candidate): readonly Candidate[] {
    return namesakes(this.#before, one);
  }

  #oldDependencies(one: Candidate): readonly string[] {
    return this.#old(one).flatMap(({ dependencies }) => dependencies.map(({ text }) => text));
  }
}

const identityOf = ({ name, version, architecture, variant = "" }: Candidate): string =>
  [name, version, architecture, variant].join(" ");

const namesakes = (universe: Universe, { name, countsAs }: Candidate): readonly Candidate[] =>
  universe.named(name).filter((one) => one.countsAs === countsAs);

function newestOf(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.toSorted((a, b) => compareVersions(b.version, a.version))[0];
}

/** Returns what is first found for an item. */
export function firstOf<Item, Found>(
  items: readonly Item[],
  find: (item: Item) => Found | undefined,
): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
