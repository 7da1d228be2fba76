import { createHash } from "node:crypto";
import { digestAlgorithms, type Release, type Suite, sameDigests } from "../../repository/index.ts";
import { selectAllIndices, selectIndices } from "./select-indices.ts";
import type { MirrorSelection, WantedIndex } from "./selection.ts";

/** A suite in one tree. */
export interface SuiteOfTree {
  readonly suite: Suite;
  readonly release: Release;
  /** Undefined if nobody recorded it. Then it is all that the Release lists. */
  readonly selection: MirrorSelection | undefined;
}

/** Returns the indices that two trees do not share, by the digests that their Releases list. Reads no index. */
export function differingIndices(a: SuiteOfTree, b: SuiteOfTree): readonly WantedIndex[] {
  const ofA = wantedOf(a);
  const ofB = wantedOf(b);
  return [...new Map([...ofA, ...ofB]).values()].filter(({ name }) => !isSame(ofA.get(name), ofB.get(name)));
}

/** Digests of what a Release lists for the indices of a suite. Equal digests mean the same indices. */
export interface IndexDigests {
  /** SHA-256 of the names and digests of the lists of packages and sources. Undefined unless Release lists all of them plain. */
  readonly packages?: string | undefined;
  /** The same of all other indices. */
  readonly others?: string | undefined;
}

/** Returns digests that compare two trees as `differingIndices` does, for a record: a Release may have 3,000 lines. */
export function digestIndices(suite: SuiteOfTree): IndexDigests {
  const [packages = [], others = []] = [true, false].map((isWanted) =>
    [...wantedOf(suite).values()].filter((index) => listsPackages(index) === isWanted),
  );
  return { packages: digestOf(packages), others: digestOf(others) };
}

/** True for lists of packages or sources. The others are translations, contents and the like. */
export const listsPackages = ({ kind }: WantedIndex): boolean => kind === "packages" || kind === "sources";

function digestOf(indices: readonly WantedIndex[]): string | undefined {
  const hash = createHash("sha256");
  for (const { name, plain } of indices.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (plain === undefined) return undefined; // the forms that both have decide
    hash.update(JSON.stringify([name, ...digestAlgorithms.map((algorithm) => plain.digests[algorithm])]));
  }
  return hash.digest("hex");
}

function wantedOf({ suite, release, selection }: SuiteOfTree): ReadonlyMap<string, WantedIndex> {
  const indices =
    selection === undefined
      ? selectAllIndices(release, suite)
      : selectIndices(release, { ...selection, suite }).indices;
  return new Map(indices.map((index) => [index.name, index]));
}

/** Compares the uncompressed forms if both are listed, since a recompressed index is the same, and otherwise the others. */
function isSame(a: WantedIndex | undefined, b: WantedIndex | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.plain !== undefined && b.plain !== undefined) return sameDigests(a.plain.digests, b.plain.digests);
  const formsOfB = new Map(b.compressed.map(({ entry }) => [entry.name, entry]));
  const common = a.compressed.flatMap(({ entry }) => {
    const other = formsOfB.get(entry.name);
    return other === undefined ? [] : [sameDigests(entry.digests, other.digests)];
  });
  return common.length > 0 && common.every(Boolean);
}
