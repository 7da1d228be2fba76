import {
  byHashPaths,
  type ListedForm,
  selectAllIndices,
  selectIndices,
  type WantedIndex,
} from "../plan/index.ts";
import type { Release, RepositoryPath, Suite } from "../repository/index.ts";
import { type HeldIndex, holdIndex } from "./held-index.ts";
import type { TreeFacts } from "./tree-facts.ts";
import type { TreeFiles } from "./tree-files.ts";

/** A suite, and its Release. */
export interface ReleasedSuite {
  readonly suite: Suite;
  readonly release: Release;
}

/** Returns the indices that a tree should hold: those that its sync selected, or all if nobody recorded what it did. */
export function expectedIndices(
  { suite, release }: ReleasedSuite,
  facts: TreeFacts | undefined,
): readonly WantedIndex[] {
  if (facts === undefined) return selectAllIndices(release, suite);
  const { sections, architectures, source, kinds } = facts;
  return selectIndices(release, { suite, sections, architectures, source, kinds }).indices;
}

/**
 * Returns the forms that the sync of a tree downloaded: all compressed ones that upstream had, and the plain one if there
 * is no other. If nobody recorded what upstream lacked, returns those that the tree has under any of their names.
 */
export function expectedForms(
  tree: Pick<TreeFiles, "has">,
  suite: ReleasedSuite,
  { compressed, plain }: WantedIndex,
  facts: TreeFacts | undefined,
): readonly ListedForm[] {
  const plainForms: readonly ListedForm[] =
    plain === undefined ? [] : [{ compression: "plain", entry: plain }];
  if (facts === undefined)
    return [...compressed, ...plainForms].filter((form) => namesOfForm(suite, form).some(tree.has));
  const lacked = new Set(facts.missing);
  const isHeld = ({ entry }: ListedForm): boolean => !lacked.has(suite.suite.path(entry.name));
  const held = compressed.filter(isHeld);
  return held.length > 0 ? held : plainForms.filter(isHeld);
}

/** Returns the paths of a form: its own, then those by its digests, strongest first. */
export function namesOfForm(
  { suite, release }: ReleasedSuite,
  { entry }: ListedForm,
): readonly [RepositoryPath, ...RepositoryPath[]] {
  const byHash = release.acquireByHash ? byHashPaths(entry) : [];
  return [suite.path(entry.name), ...byHash.map((path) => suite.path(path))];
}

/** Returns the indices of a suite that a tree holds, without a look at their bytes. */
export function readHeldIndices(
  tree: Pick<TreeFiles, "has">,
  suite: ReleasedSuite,
  facts: TreeFacts | undefined,
): readonly HeldIndex[] {
  return expectedIndices(suite, facts).flatMap((wanted) => {
    const forms = expectedForms(tree, suite, wanted, facts).flatMap((form) => {
      const path = namesOfForm(suite, form).find(tree.has);
      return path === undefined ? [] : [{ ...form, path }];
    });
    return holdIndex(suite.suite, wanted, forms) ?? [];
  });
}
