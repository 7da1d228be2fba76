import {
  filtersPackages,
  type IndexDifference,
  type PackageFilters,
  type TreePlan,
  type UpdatedPlan,
  updatePlan,
} from "../../plan/index.ts";
import type { SuiteContents } from "../contents.ts";
import { type HeldIndex, listsFiles } from "../held-index.ts";
import type { TreeFiles } from "../tree-files.ts";
import { differenceOfIndex, type EarlierIndex } from "./index-difference.ts";

/** How the indices of an earlier tree list its files: one text, and the part of it that each index has. */
export interface EarlierListing extends Pick<TreePlan, "count" | "sizeBytes"> {
  readonly text: string;
  readonly indices: readonly EarlierIndex[];
}

/**
 * Lists the files of a tree as `listFiles` does, by what its indices list otherwise than those of an earlier tree, all files
 * of which are in its listing. Only blocks of stanzas that differ are read: the listing says what the others list. It has to
 * be of the same reading. Checks the bytes of each index that is not the same file as before. Returns undefined if all have to
 * be read as a whole: for everything by which the result would differ, and for an error in what was read, since its place is
 * not known.
 */
export async function listChanges(
  tree: TreeFiles,
  suites: readonly SuiteContents[],
  { filters, allowWeak }: { readonly filters: PackageFilters; readonly allowWeak: boolean },
  listing: EarlierListing,
): Promise<UpdatedPlan | undefined> {
  if (filtersPackages(filters) || !suites.every(hasPlainPaths)) return undefined;
  const indices = suites.flatMap((suite) => suite.indices.filter(({ wanted }) => listsFiles(wanted)));
  const paired = pairIndices(indices, listing.indices);
  if (paired === undefined) return undefined;
  const versions = { later: tree, text: listing.text, allowWeak };
  const differences: IndexDifference[] = [];
  for (const [index, before] of paired.both) {
    const difference = await differenceOfIndex(versions, index, before);
    if (difference === undefined) return undefined;
    differences.push(difference);
  }
  return updatePlan(suites, listing, { indices: differences, gone: paired.gone });
}

/** In a flat suite with a directory of its own, the files decide where their paths begin. */
const hasPlainPaths = ({ suite }: SuiteContents): boolean => !suite.isFlat || suite.root === "";

interface PairedIndices {
  readonly both: readonly (readonly [HeldIndex, EarlierIndex | undefined])[];
  /** Those that the later tree lacks. */
  readonly gone: readonly EarlierIndex[];
}

/** Finds the earlier version of each index. Undefined if they are in another order: which one lists a path first matters. */
function pairIndices(
  indices: readonly HeldIndex[],
  earlier: readonly EarlierIndex[],
): PairedIndices | undefined {
  const byName = new Map(earlier.map((index) => [index.name, index]));
  const both = indices.map((index) => [index, byName.get(index.name)] as const);
  const kept = new Set(both.flatMap(([, before]) => before ?? []));
  const inOrder = earlier.filter((index) => kept.has(index));
  const isSameOrder = [...kept].every((index, at) => index === inOrder[at]);
  if (!isSameOrder || hasOneTwice(indices) || hasOneTwice(earlier)) return undefined;
  return { both, gone: earlier.filter((index) => !kept.has(index)) };
}

const hasOneTwice = (indices: readonly { readonly name: string }[]): boolean =>
  new Set(indices.map(({ name }) => name)).size < indices.length;
