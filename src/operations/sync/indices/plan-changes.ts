import { listChanges, openTreeOnDisk, type SuiteContents } from "../../../contents/index.ts";
import type { UpdatedPlan } from "../../../plan/index.ts";
import { readWith } from "../../read-with.ts";
import type { LookContext } from "../sync-context.ts";
import type { ListedTree } from "../tree/sound-spare.ts";

/**
 * Plans the files of a new tree by what its indices list otherwise than those of the tree that is shown. Returns undefined if
 * that is not enough, or not certain.
 */
export async function planChanges(
  context: LookContext,
  suites: readonly SuiteContents[],
  root: string,
  { list: { listing } }: Pick<ListedTree, "list">,
): Promise<UpdatedPlan | undefined> {
  if (listing === undefined || listing.readWith !== readWith(context)) return undefined;
  const { filters, allow } = context.mirror;
  const reading = { filters, allowWeak: allow.weak };
  return await listChanges(openTreeOnDisk(root, context), suites, reading, listing);
}
