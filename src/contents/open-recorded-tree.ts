import { RepositoryError, Suite } from "../repository/index.ts";
import { type Contents, type ContentsReading, openContents, type SuiteContents } from "./contents.ts";
import { readHeldIndices } from "./expected-indices.ts";
import { readSuiteRelease } from "./read-release.ts";
import type { TreeFacts } from "./tree-facts.ts";
import type { TreeFiles } from "./tree-files.ts";

/** A tree has lost the Release of a suite that its sync downloaded. */
export class MissingReleaseError extends RepositoryError {
  readonly suite: string;

  constructor(suite: string) {
    super("RELEASE_MISSING", `the Release of ${suite} is missing`, {
      facts: { suite },
      hint: "The tree is damaged. To see what else is missing: mirrorctl snapshot verify",
    });
    this.suite = suite;
  }
}

/**
 * Opens a finished tree, such as a snapshot, by the facts that its sync recorded. Throws if a Release cannot be read, and a
 * MissingReleaseError if one is missing: an answer about the other suites would look complete.
 */
export function openRecordedTree(tree: TreeFiles, facts: TreeFacts): Contents {
  const suites = heldSuites(tree, facts.suites, facts);
  const held = new Set(suites.map(({ suite }) => suite.name));
  const missing = facts.suites.find((name) => !held.has(name));
  if (missing !== undefined) throw new MissingReleaseError(missing);
  return openContents(tree, suites, recordedReading(facts));
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
