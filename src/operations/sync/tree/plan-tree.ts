import type { SuiteContents } from "../../../contents/index.ts";
import { differenceOf, type TreeDifference } from "../../../plan/index.ts";
import { planChanges } from "../indices/plan-changes.ts";
import { type PlannedFromIndices, planListedFiles } from "../indices/plan-files.ts";
import type { SyncContext } from "../sync-context.ts";
import { type ListedTree, readListedTree } from "./sound-spare.ts";

/** What turns the tree that is shown, or its spare, into the planned one. */
export interface Update extends TreeDifference, ListedTree {}

export interface PlannedTree extends PlannedFromIndices {
  /** Undefined if it is not certain what the shown tree holds. */
  readonly update: Update | undefined;
}

/** Plans the files of a new tree from the indices in it: by what has changed in them since the last sync, if that is certain. */
export async function planTree(
  context: SyncContext,
  suites: readonly SuiteContents[],
  root: string,
): Promise<PlannedTree> {
  const listed = readListedTree(context);
  if (listed !== undefined) {
    const changes = await planChanges(context, suites, root, listed);
    if (changes !== undefined) {
      const { plan, ...difference } = changes;
      return { plan, listings: plan.listings, update: { ...listed, ...difference } };
    }
  }
  const { plan, listings } = await planListedFiles(context, suites, root);
  const update = listed && { ...listed, ...differenceOf(listed.list.files(), plan) };
  return { plan, listings, update };
}
