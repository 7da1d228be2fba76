import { Suite } from "../repository/index.ts";
import { type Contents, type ContentsReading, openContents, type SuiteContents } from "./contents.ts";
import { readHeldIndices } from "./expected-indices.ts";
import { readSuiteRelease } from "./read-release.ts";
import type { TreeFacts } from "./tree-facts.ts";
import type { TreeFiles } from "./tree-files.ts";

/** Opens a finished tree, such as a snapshot, by the facts that its sync recorded. Throws if a Release cannot be read. */
export function openRecordedTree(tree: TreeFiles, facts: TreeFacts): Contents {
  return openContents(tree, heldSuites(tree, facts.suites, facts), recordedReading(facts));
}

/** Returns how the sync of a tree read its indices. */
export function recordedReading({ filters, allowWeak, missing }: TreeFacts): ContentsReading {
  const excludePatterns = filters.excludePatterns.map((pattern) => new RegExp(pattern));
  return { filters: { ...filters, excludePatterns }, allowWeak, missing };
}

/** Opens a tree of which nobody recorded what its sync selected: all of these suites that it has, with every index. */
export function openUnrecordedTree(
  tree: TreeFiles,
  names: readonly string[],
  reading: ContentsReading,
): Contents {
  return openContents(tree, heldSuites(tree, names, undefined), reading);
}

function heldSuites(
  tree: TreeFiles,
  names: readonly string[],
  facts: TreeFacts | undefined,
): readonly SuiteContents[] {
  return names.flatMap((name) => {
    const suite = new Suite(name);
    const release = readSuiteRelease(tree, suite);
    if (release === undefined) return [];
    return [{ suite, release, indices: readHeldIndices(tree, { suite, release }, facts) }];
  });
}
