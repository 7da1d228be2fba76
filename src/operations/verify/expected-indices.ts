import { join } from "node:path";
import {
  byHashPaths,
  type IndexVariant,
  selectAllIndices,
  selectIndices,
  type WantedIndex,
} from "../../plan/index.ts";
import { inodeIfAny } from "../../platform/files.ts";
import { joinPath, type Release, type RepositoryPath } from "../../repository/index.ts";
import type { CheckedSuite } from "./check-signatures.ts";
import type { OpenTree } from "./findings.ts";

/** A suite whose Release can be believed. */
export interface SignedSuite extends Pick<CheckedSuite, "suite" | "root"> {
  readonly release: Release;
}

/** The indices that the sync was asked for; where that is not recorded, all that there may be. */
export function expectedIndices(
  { facts }: OpenTree,
  { suite, release }: SignedSuite,
): readonly WantedIndex[] {
  if (facts === undefined) return selectAllIndices(release, suite);
  const { sections, architectures, source, kinds } = facts;
  return selectIndices(release, { suite, sections, architectures, source, kinds }).indices;
}

/**
 * The forms that a sync brings: all compressed ones that upstream has; the plain one where it has no other. Where it is
 * not recorded what upstream lacked, those that stand under any of their names.
 */
export function expectedForms(
  tree: OpenTree,
  suite: SignedSuite,
  { variants, plain }: WantedIndex,
): readonly IndexVariant[] {
  const plainForms: readonly IndexVariant[] =
    plain === undefined ? [] : [{ compression: "plain", entry: plain }];
  if (tree.facts === undefined)
    return [...variants, ...plainForms].filter((variant) => standsSomehow(tree, suite, variant));
  const lacked = new Set(tree.facts.missing);
  const isHad = ({ entry }: IndexVariant): boolean => !lacked.has(joinPath(suite.root, entry.name));
  const compressed = variants.filter(isHad);
  return compressed.length > 0 ? compressed : plainForms.filter(isHad);
}

const standsSomehow = (tree: OpenTree, suite: SignedSuite, variant: IndexVariant): boolean =>
  namesOf(suite, variant).some((path) => inodeIfAny(join(tree.path, path)) !== undefined);

/** Of one form of an index: its own name, then those by its digests, strongest first. */
export function namesOf(
  { root, release }: SignedSuite,
  { entry }: IndexVariant,
): readonly [RepositoryPath, ...RepositoryPath[]] {
  const byHash = release.acquireByHash ? byHashPaths(entry) : [];
  return [joinPath(root, entry.name), ...byHash.map((path) => joinPath(root, path))];
}
