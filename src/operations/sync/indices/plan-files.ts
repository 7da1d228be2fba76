import {
  type ListingRecorder,
  openContents,
  openTreeOnDisk,
  type SuiteContents,
} from "../../../contents/index.ts";
import type { FilePlan } from "../../../plan/index.ts";
import type { LookContext } from "../sync-context.ts";
import { findBase } from "./find-base.ts";

/** Plans the files of a new tree from the indices in it. */
export async function planFiles(
  context: LookContext,
  suites: readonly SuiteContents[],
  root: string,
  recorder?: ListingRecorder,
): Promise<FilePlan> {
  const { filters, allow } = context.mirror;
  const contents = openContents(openTreeOnDisk(root, context), suites, {
    filters,
    allowWeak: allow.weak,
    findBase: findBase.bind(undefined, context),
  });
  const { plan, leftOut, unnamed } = await contents.listFiles(recorder);
  if (leftOut.length > 0) context.emit({ type: "packages-filtered", packages: leftOut.length });
  if (unnamed.length > 0) context.emit({ type: "packages-unnamed", packages: unnamed });
  return plan;
}
