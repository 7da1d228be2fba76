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

/** Plans the files of a new tree from the indices in it. */
export async function planFiles(
  context: LookContext,
  suites: readonly SuiteContents[],
  root: string,
): Promise<PlannedFromIndices> {
  const { filters, allow } = context.mirror;
  const tree = openTreeOnDisk(root, context);
  const plainly = await listPlainly(tree, suites, filters);
  if (plainly !== undefined) return { plan: plainly, listings: plainly.listings };
  const contents = openContents(tree, suites, {
    filters,
    allowWeak: allow.weak,
    findBase: findBase.bind(undefined, context),
  });
  const recorder = new ListingRecorder();
  const { plan, leftOut, unnamed } = await contents.listFiles(recorder);
  if (leftOut.length > 0) context.emit({ type: "packages-filtered", packages: leftOut.length });
  if (unnamed.length > 0) context.emit({ type: "packages-unnamed", packages: unnamed });
  const listings = recorder.finish();
  // The lines say the same, and have to be kept anyway.
  return { plan: listings === undefined ? plan : new ListedPlan(listings, plan), listings };
}
