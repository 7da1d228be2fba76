import { join } from "node:path";
import {
  byHashPaths,
  type ListedForm,
  selectAllIndices,
  selectIndices,
  type WantedIndex,
} from "../../../plan/index.ts";
import { inodeIfAny } from "../../../platform/files.ts";
import { joinPath, type Release, type RepositoryPath, Suite } from "../../../repository/index.ts";
import type { CheckedSuite } from "./check-signatures.ts";
import type { OpenTree } from "./findings.ts";

/** A suite whose Release can be believed. */
export interface SignedSuite extends Pick<CheckedSuite, "suite" | "root"> {
  readonly release: Release;
}

/** The indices that the sync was asked for; where that is not recorded, all that there may be. */
export function expectedIndices(
  { facts }: OpenTree,
  { suite: name, release }: SignedSuite,
): readonly WantedIndex[] {
  const suite = new Suite(name);
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
  { compressed, plain }: WantedIndex,
): readonly ListedForm[] {
  const plainForms: readonly ListedForm[] =
    plain === undefined ? [] : [{ compression: "plain", entry: plain }];
  if (tree.facts === undefined)
    return [...compressed, ...plainForms].filter((form) => standsSomehow(tree, suite, form));
  const lacked = new Set(tree.facts.missing);
  const isHad = ({ entry }: ListedForm): boolean => !lacked.has(joinPath(suite.root, entry.name));
  const had = compressed.filter(isHad);
  return had.length > 0 ? had : plainForms.filter(isHad);
}

const standsSomehow = (tree: OpenTree, suite: SignedSuite, form: ListedForm): boolean =>
  namesOf(suite, form).some((path) => inodeIfAny(join(tree.path, path)) !== undefined);

/** Of one form of an index: its own name, then those by its digests, strongest first. */
export function namesOf(
  { root, release }: SignedSuite,
  { entry }: ListedForm,
): readonly [RepositoryPath, ...RepositoryPath[]] {
  const byHash = release.acquireByHash ? byHashPaths(entry) : [];
  return [joinPath(root, entry.name), ...byHash.map((path) => joinPath(root, path))];
}
