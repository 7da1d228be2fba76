import type { IndexChange, Place } from "./change.ts";
import { comparePackage } from "./compare-package.ts";
import type { PackageBuild } from "./package-build.ts";

/**
 * Compares what an index of two trees lists, a package at a time. Most packages are the same in both: of each it keeps one
 * text, and of those that differ whole builds.
 */
export class IndexComparison {
  readonly #place: Place;
  /** The builds before, as texts, each with its position after; 0 if it is not there any more. */
  readonly #before = new Map<string, number>();
  readonly #onlyAfter: { readonly build: PackageBuild; readonly position: number }[] = [];
  #position = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  addBefore(build: PackageBuild): void {
    this.#before.set(pack(build), 0);
  }

  /** After all of `addBefore`. */
  addAfter(build: PackageBuild): void {
    this.#position += 1;
    const text = pack(build);
    const known = this.#before.get(text);
    if (known === 0) this.#before.set(text, this.#position);
    else if (known === undefined) this.#onlyAfter.push({ build, position: this.#position });
  }

  /** Returns the changes, in the order of the packages in the index. */
  changes(): readonly IndexChange[] {
    const packages = new Map<string, Lists>();
    for (const [text, position] of this.#before) if (position === 0) this.#listsOf(packages, unpack(text));
    for (const { build } of this.#onlyAfter) this.#listsOf(packages, build);
    if (this.#isReordered()) this.#addListedTwice(packages);
    for (const [text, position] of packages.size === 0 ? [] : this.#before) {
      const lists = packages.get(this.#keyOfText(text));
      if (lists === undefined) continue;
      const build = unpack(text);
      lists.before.push(build);
      if (position > 0) lists.after.push({ build, position });
    }
    for (const only of this.#onlyAfter) this.#listsOf(packages, only.build).after.push(only);
    return [...packages.values()].flatMap(({ before, after }) => {
      const inOrder = after.toSorted((a, b) => a.position - b.position).map(({ build }) => build);
      return comparePackage(this.#place, before, inOrder);
    });
  }

  /** True if what both list is in another order after than before. */
  #isReordered(): boolean {
    let last = 0;
    for (const position of this.#before.values()) {
      if (position === 0) continue;
      if (position < last) return true;
      last = position;
    }
    return false;
  }

  /** Of several files of one version the first counts, and another one may be first now although none is new or gone. */
  #addListedTwice(packages: Map<string, Lists>): void {
    const found = new Set<string>();
    for (const text of this.#before.keys()) {
      const key = this.#keyOfText(text);
      if (found.has(key)) this.#listsOf(packages, unpack(text));
      else found.add(key);
    }
  }

  #listsOf(packages: Map<string, Lists>, build: PackageBuild): Lists {
    const key = this.#keyOf(build);
    const known = packages.get(key);
    if (known !== undefined) return known;
    const lists: Lists = { before: [], after: [] };
    packages.set(key, lists);
    return lists;
  }

  /**
   * An index of one architecture has packages of that architecture, of its variants and of "all", and clients choose among
   * them by name. A flat suite may list all architectures, of which each client sees its own.
   */
  #keyOf({ name, architecture, variant = "" }: PackageBuild): string {
    return this.#isMixed ? `${name} ${architecture} ${variant}` : name;
  }

  #keyOfText(text: string): string {
    return this.#isMixed ? this.#keyOf(unpack(text)) : text.slice(0, text.indexOf(separator));
  }

  get #isMixed(): boolean {
    return this.#place.architecture === undefined;
  }
}

/** All builds of a package that differs. */
interface Lists {
  readonly before: PackageBuild[];
  readonly after: { readonly build: PackageBuild; readonly position: number }[];
}

/** Between two fields. No value of a stanza has an empty line. */
const separator = "\n\n";

const pack = ({
  name,
  version,
  architecture,
  variant,
  sourceField,
  digest,
  builtUsing,
}: PackageBuild): string =>
  [name, version, architecture, variant ?? "", sourceField ?? "", digest, builtUsing ?? ""].join(separator);

function unpack(text: string): PackageBuild {
  const [name = "", version = "", architecture = "", variant, sourceField, digest = "", builtUsing] =
    text.split(separator);
  return {
    name,
    version,
    architecture,
    variant: variant || undefined,
    sourceField: sourceField || undefined,
    digest,
    builtUsing: builtUsing || undefined,
  };
}
