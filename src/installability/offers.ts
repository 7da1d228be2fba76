import { compareVersions } from "../repository/index.ts";
import type { Candidate } from "./candidates.ts";
import { allows, parseRelation, type Relation, splitField } from "./relations.ts";

/** A name that a candidate provides. */
interface Offer<Item> {
  readonly candidate: Item;
  /** Undefined if it is provided without a version: then no relation with a version matches it. */
  readonly version: string | undefined;
}

/** Finds the candidates that match a relation, by their own names and by those that they provide. */
export class Offers<Item extends Candidate> {
  readonly #native: string;
  readonly #named = new Map<string, Item[]>();
  readonly #provided = new Map<string, Offer<Item>[]>();

  constructor(native: string) {
    this.#native = native;
  }

  /** Returns the candidates of a name so far. */
  named(name: string): readonly Item[] {
    return this.#named.get(name) ?? [];
  }

  /** Returns the candidates of its name, to which later ones are added. */
  addOwnName(candidate: Item): readonly Item[] {
    return addTo(this.#named, candidate.name, candidate);
  }

  /** Reads Provides. Like apt, it leaves out a name with any other operator than "=". */
  addProvides(candidate: Item, provides: string | undefined): void {
    for (const text of splitField(provides)) {
      const { name, operator, version } = parseRelation(text) ?? {};
      if (name === undefined || (operator !== undefined && operator !== "=")) continue;
      addTo(this.#provided, name, { candidate, version: operator && version });
    }
  }

  /** Returns what meets a dependency of a package of this architecture, packages of that name first. */
  meeting(relation: Relation, architecture: string): readonly Item[] {
    const { qualifier } = relation;
    if (qualifier !== undefined) return this.#qualified(relation, qualifier);
    return this.#matching(relation, (one) => one.countsAs === architecture || one.multiArch === "foreign");
  }

  /** Returns what Conflicts or Breaks exclude: without a qualifier, packages of every architecture. */
  excluded(relation: Relation): readonly Item[] {
    const { qualifier } = relation;
    return qualifier === undefined
      ? this.#matching(relation, () => true)
      : this.#qualified(relation, qualifier);
  }

  #qualified(relation: Relation, qualifier: string): readonly Item[] {
    if (qualifier === "any") return this.#matching(relation, ({ multiArch }) => multiArch === "allowed");
    const architecture = qualifier === "native" ? this.#native : qualifier;
    return this.#matching(relation, ({ countsAs }) => countsAs === architecture);
  }

  #matching(relation: Relation, isMeant: (one: Item) => boolean): readonly Item[] {
    const found: Item[] = [];
    for (const one of this.#named.get(relation.name) ?? [])
      if (isMeant(one) && allowsVersion(relation, one.version)) found.push(one);
    for (const { candidate, version } of this.#provided.get(relation.name) ?? [])
      if (isMeant(candidate) && allowsVersion(relation, version)) found.push(candidate);
    return found;
  }
}

const allowsVersion = ({ operator, version: wanted }: Relation, version: string | undefined): boolean =>
  operator === undefined || (version !== undefined && allows(operator, compareVersions(version, wanted)));

/** An array that begins with an item is small; one to which the first is pushed has room for 17. */
function addTo<Item>(lists: Map<string, Item[]>, key: string, item: Item): readonly Item[] {
  const known = lists.get(key);
  if (known !== undefined) {
    known.push(item);
    return known;
  }
  const list = [item];
  lists.set(key, list);
  return list;
}
