import type { FilePlan } from "../../plan/index.ts";
import type { RepositoryPath } from "../../repository/index.ts";
import type { TreeDraft } from "../../snapshot/index.ts";
import { assertSpaceForTree } from "./enough-space.ts";
import { fetchFiles } from "./files/fetch-files.ts";
import { storeIntake } from "./files/store-intake.ts";
import type { BroughtIndex } from "./indices/fetch-index.ts";
import { fetchIndices, selectSuites } from "./indices/fetch-indices.ts";
import { planFiles } from "./indices/plan-files.ts";
import type { BrokenFile } from "./release/broken-upstream.ts";
import type { SuiteRelease } from "./release/fetch-release.ts";
import { placeSignatures } from "./release/place-signatures.ts";
import { type Metadata, measureMetadata } from "./space-needed.ts";
import type { SyncContext } from "./sync-context.ts";

export interface FilledTree {
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
  /** What is not in the tree, because upstream does not have it as listed. */
  readonly broken: readonly BrokenFile[];
  /** Paths of the listed forms of indices that are not in it. */
  readonly missingForms: readonly RepositoryPath[];
}

/** Stands in the tree what the Releases promise of the selection, as far as upstream has it: signatures, indices, packages. */
export async function fillTree(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  draft: TreeDraft,
): Promise<FilledTree> {
  const { plan, metadata, missingForms } = await planTree(context, releases, draft);
  const { files, sizeBytes, broken } = await fetchFiles(context, plan, metadata, draft);
  return { fetchedFiles: files, fetchedBytes: sizeBytes, broken, missingForms };
}

interface PlannedTree {
  readonly plan: FilePlan;
  readonly metadata: Metadata;
  readonly missingForms: readonly RepositoryPath[];
}

/** A draft that fails here holds next to nothing and goes; interrupted, or later, it keeps what came from being swept. */
async function planTree(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  draft: TreeDraft,
): Promise<PlannedTree> {
  try {
    const intake = storeIntake(context, draft);
    const indices: BroughtIndex[] = [];
    const missingForms: RepositoryPath[] = [];
    for (const suite of selectSuites(context, releases)) {
      await placeSignatures(context, suite, draft);
      const brought = await fetchIndices(context, suite, intake);
      indices.push(...brought.indices);
      missingForms.push(...brought.missing);
    }
    const plan = await planFiles(context, releases, indices, draft.root);
    context.working.assertShowable(topNames(releases, plan)); // now, and not when everything has come
    const metadata = measureMetadata(draft.root);
    assertSpaceForTree(context, plan, metadata);
    return { plan, metadata, missingForms };
  } catch (error) {
    if (!context.signal.aborted) await draft.discard();
    throw error;
  }
}

function topNames(releases: readonly SuiteRelease[], plan: FilePlan): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (path: string): void => void names.add(path.split("/", 1)[0] ?? path);
  for (const { suite } of releases) add(suite.path("Release"));
  for (const { path } of plan.files()) add(path);
  return names;
}
