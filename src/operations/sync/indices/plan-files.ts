import {
  ListingRecorder,
  listPlainly,
  openContents,
  openTreeOnDisk,
  type SuiteContents,
} from "../../../contents/index.ts";
import { type IndexListing, ListedPlan, type TreePlan } from "../../../plan/index.ts";
import type { LookContext } from "../sync-context.ts";
import { findBase } from "./find-base.ts";

export interface PlannedFromIndices {
  readonly plan: TreePlan;
  /** How the indices list these files; undefined if lines do not say all of it. */
  readonly listings: readonly IndexListing[] | undefined;
}

/** Plans the files of a new tree from the indices in it, and says how these list them. */
export async function planListedFiles(
  context: LookContext,
  suites: readonly SuiteContents[],
  root: string,
): Promise<PlannedFromIndices> {
  const recorder = new ListingRecorder();
  const plan = await planFiles(context, suites, root, recorder);
  if (plan instanceof ListedPlan) return { plan, listings: plan.listings };
  const listings = recorder.finish();
  // The lines say the same, and have to be kept anyway.
  return { plan: listings === undefined ? plan : new ListedPlan(listings, plan), listings };
}

/** Plans the same files. Without a recorder nothing is kept with which a later version of an index could be compared. */
export async function planFiles(
  context: LookContext,
  suites: readonly SuiteContents[],
  root: string,
  recorder?: ListingRecorder,
): Promise<TreePlan> {
  const { filters, allow } = context.mirror;
  const tree = openTreeOnDisk(root, context);
  const plainly = await listPlainly(tree, suites, { filters, isCompared: recorder !== undefined });
  if (plainly !== undefined) return plainly;
  const contents = openContents(tree, suites, {
    filters,
    allowWeak: allow.weak,
    findBase: findBase.bind(undefined, context),
  });
  const { plan, leftOut, unnamed } = await contents.listFiles(recorder);
  if (leftOut.length > 0) context.emit({ type: "packages-filtered", packages: leftOut.length });
  if (unnamed.length > 0) context.emit({ type: "packages-unnamed", packages: unnamed });
  return plan;
}
