import { isDeepStrictEqual } from "node:util";
import type { PackageBuild } from "../../../changes/index.ts";
import type { HeldIndex } from "../../../contents/index.ts";
import { countsVersions } from "../../../plan/index.ts";
import { compareVersions } from "../../../repository/index.ts";
import type { FoundTree, TreePackages } from "../../trees/index.ts";

/** The binary packages that the indices of a tree list, without those that the filters left out or that upstream lacked. */
export interface TreeNames {
  /** How many there are. One that several indices list counts once. */
  readonly packages: number;
  /** By architecture, or variant of it: the newest version of each name, over all suites and sections. */
  readonly byArchitecture: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Returns the digest of a package of the same name, version, architecture and variant, in whatever suite it is. */
  readonly digestOf: (build: PackageBuild) => string | undefined;
}

/** What one index lists. */
class IndexNames {
  /** The digest of each. Of several files of one version the first counts, as in comparisons. */
  readonly packages = new Map<string, string>();
  readonly newest = new Map<string, Map<string, string>>();
  readonly #architecture: string | undefined;

  constructor({ wanted }: HeldIndex) {
    this.#architecture = wanted.architecture;
  }

  add(build: PackageBuild): void {
    const { name, version, architecture } = build;
    if (!this.packages.has(keyOf(build))) this.packages.set(keyOf(build), build.digest);
    addNewest(this.newest, this.#architecture ?? architecture, name, version);
  }
}

/**
 * Finds the names in trees, and reads each index once: also if a comparison has read it before, or if it is the same in
 * another tree.
 */
export class NameCensus {
  readonly #openTree: (tree: FoundTree) => TreePackages;
  /** By path: the packages as they are, and with what is read of them followed. */
  readonly #opened = new Map<string, { readonly plain: TreePackages; readonly followed: TreePackages }>();
  /** What was read, by the bytes of the index and how they were read. */
  readonly #read: { readonly index: HeldIndex; readonly tree: TreePackages; readonly names: IndexNames }[] =
    [];

  constructor(openTree: (tree: FoundTree) => TreePackages) {
    this.#openTree = openTree;
  }

  /** Opens the packages of a tree, of which all is read. The names in it are kept. */
  open(tree: FoundTree): TreePackages {
    return this.#open(tree).followed;
  }

  #open(tree: FoundTree) {
    const known = this.#opened.get(tree.path);
    if (known !== undefined) return known;
    const plain = this.#openTree(tree);
    const read = (index: HeldIndex) => this.#follow(plain, index);
    const opened = { plain, followed: { ...plain, contents: undefined, read } };
    this.#opened.set(tree.path, opened);
    return opened;
  }

  async namesOf(tree: FoundTree): Promise<TreeNames> {
    const { plain } = this.#open(tree);
    const packages = new Map<string, string>();
    const byArchitecture = new Map<string, Map<string, string>>();
    for (const index of plain.indices.values()) {
      if (index.wanted.kind !== "packages") continue;
      const names = await this.#namesIn(plain, index);
      for (const [key, digest] of names.packages) packages.set(key, digest);
      for (const [architecture, newest] of names.newest)
        for (const [name, version] of newest) addNewest(byArchitecture, architecture, name, version);
    }
    return { packages: packages.size, byArchitecture, digestOf: (build) => packages.get(keyOf(build)) };
  }

  async #namesIn(tree: TreePackages, index: HeldIndex): Promise<IndexNames> {
    const known = this.#read.find((one) => isSame(one, { tree, index }))?.names;
    if (known !== undefined) return known;
    const names = new IndexNames(index);
    for await (const build of tree.read(index)) names.add(build);
    this.#read.push({ index, tree, names });
    return names;
  }

  async *#follow(tree: TreePackages, index: HeldIndex): AsyncGenerator<PackageBuild> {
    const names = new IndexNames(index);
    for await (const build of tree.read(index)) {
      names.add(build);
      yield build;
    }
    this.#read.push({ index, tree, names });
  }
}

const keyOf = ({ name, version, architecture, variant = "" }: PackageBuild): string =>
  `${name} ${version} ${architecture} ${variant}`;

interface ReadIndex {
  readonly index: HeldIndex;
  readonly tree: TreePackages;
}

/** With `keep_versions` or `keep_source_versions`, what is kept of an index depends on all others of its tree. */
function isSame(one: ReadIndex, other: ReadIndex): boolean {
  const { kind, architecture } = one.index.wanted;
  const { wanted } = other.index;
  if (one.index.contentKey !== other.index.contentKey) return false;
  if (kind !== wanted.kind || architecture !== wanted.architecture) return false;
  const [a, b] = [one.tree.reading, other.tree.reading];
  if (one.tree.indices === other.tree.indices) return one.index === other.index;
  return !countsVersions(a.filters) && isDeepStrictEqual([a.filters, a.missing], [b.filters, b.missing]);
}

function addNewest(
  byArchitecture: Map<string, Map<string, string>>,
  architecture: string,
  name: string,
  version: string,
): void {
  const newest = byArchitecture.get(architecture);
  if (newest === undefined) {
    byArchitecture.set(architecture, new Map([[name, version]]));
    return;
  }
  const known = newest.get(name);
  if (known === undefined || (known !== version && compareVersions(version, known) > 0))
    newest.set(name, version);
}
