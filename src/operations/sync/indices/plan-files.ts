import type { FilePlan } from "../../../plan/index.ts";
import type { SuiteRelease } from "../release/fetch-release.ts";
import type { LookContext } from "../sync-context.ts";
import type { BroughtIndex } from "./fetch-index.ts";
import { findBase } from "./place-flat-packages.ts";
import { readIndices } from "./read-indices.ts";

/** The files that the indices in a tree name and the mirror is to have. */
export async function planFiles(
  context: LookContext,
  releases: readonly SuiteRelease[],
  indices: readonly BroughtIndex[],
  tree: string,
): Promise<FilePlan> {
  const { mirror, signal, decoderCommands } = context;
  const reading = {
    filters: mirror.filters,
    allowWeak: mirror.allow.weak,
    signal,
    decoderCommands,
    findBase: findBase.bind(undefined, context),
  };
  const { plan, leftOut, unnamed } = await readIndices(reading, releases, indices, tree);
  if (leftOut.length > 0) {
    const message = `${leftOut.length} packages are left out by filters; clients that ask for one get 404`;
    context.emit({ type: "detail", message });
  }
  if (unnamed.length > 0) context.emit({ type: "packages-unnamed", packages: unnamed });
  return plan;
}
