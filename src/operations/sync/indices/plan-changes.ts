import { listChanges, openTreeOnDisk, type SuiteContents } from "../../../contents/index.ts";
import type { UpdatedPlan } from "../../../plan/index.ts";
import { build } from "../../../version.ts";
import type { LookContext } from "../sync-context.ts";
import type { ListedTree } from "../tree/sound-spare.ts";

/** Returns what indices are read with: another version or another selection may make other files of the same bytes. */
export const readWith = ({ selection }: Pick<LookContext, "selection">): string =>
  JSON.stringify([build.version, build.commit, selection]);

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
