import { ListingRecorder, type SuiteContents } from "../../contents/index.ts";
import {
  differenceOf,
  type IndexListing,
  ListedPlan,
  type TreeDifference,
  type TreePlan,
} from "../../plan/index.ts";
import { planChanges } from "./indices/plan-changes.ts";
import { planFiles } from "./indices/plan-files.ts";
import { type ListedTree, readListedTree } from "./sound-spare.ts";
import type { SyncContext } from "./sync-context.ts";

/** What turns the tree that is shown, or its spare, into the planned one. */
export interface Update extends TreeDifference, ListedTree {}

export interface PlannedTree {
  readonly plan: TreePlan;
  /** How the indices list these files; undefined if lines do not say all of it. */
  readonly listings: readonly IndexListing[] | undefined;
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
  const recorder = new ListingRecorder();
  const plan = await planFiles(context, suites, root, recorder);
  const update = listed && { ...listed, ...differenceOf(listed.list.files(), plan) };
  const listings = recorder.finish();
  // The lines say the same, and have to be kept anyway.
  return { plan: listings === undefined ? plan : new ListedPlan(listings, plan), listings, update };
}
