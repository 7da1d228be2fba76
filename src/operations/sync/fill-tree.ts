import type { SuiteContents } from "../../contents/index.ts";
import type { FilePlan, PlannedFile } from "../../plan/index.ts";
import type { RepositoryPath } from "../../repository/index.ts";
import type { TreeDraft } from "../../snapshot/index.ts";
import type { BrokenFile } from "./broken-upstream.ts";
import { assertSpaceForFiles, assertSpaceForTree } from "./enough-space.ts";
import { downloadFiles, linkHeldFiles } from "./files/download-files.ts";
import type { Intake } from "./files/intake.ts";
import { storeIntake } from "./files/store-intake.ts";
import { fetchIndices, selectSuites } from "./indices/fetch-indices.ts";
import { planFiles } from "./indices/plan-files.ts";
import { placeSignatures } from "./release/place-signatures.ts";
import type { SuiteRelease } from "./release/suite-release.ts";
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

/** Puts into the tree what the Releases list for the selection, if upstream has it: signatures, indices, packages. */
export async function fillTree(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  draft: TreeDraft,
): Promise<FilledTree> {
  const intake = storeIntake(context, draft);
  const { plan, metadata, missingForms, missing } = await startTree(context, releases, draft, intake);
  await context.working.removeOthers(draft.root); // this tree now holds what the drafts of interrupted runs held
  assertSpaceForFiles(context, plan, missing, metadata);
  const { files, sizeBytes, broken } = await downloadFiles(
    context,
    intake,
    missing,
    plan.count - missing.length,
  );
  return { fetchedFiles: files, fetchedBytes: sizeBytes, broken, missingForms };
}

interface StartedTree extends PlannedTree {
  /** What is planned and not held. */
  readonly missing: readonly PlannedFile[];
}

/**
 * Does what needs no packages from upstream. A draft that fails here holds next to nothing and is removed. Interrupted, or
 * later, it stays: it keeps what was downloaded from being swept.
 */
async function startTree(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  draft: TreeDraft,
  intake: Intake,
): Promise<StartedTree> {
  try {
    const planned = await planTree(context, releases, draft, intake);
    return { ...planned, missing: await linkHeldFiles(intake, planned.plan, context.signal) };
  } catch (error) {
    if (!context.signal.aborted) await draft.discard();
    throw error;
  }
}

interface PlannedTree {
  readonly plan: FilePlan;
  readonly metadata: Metadata;
  readonly missingForms: readonly RepositoryPath[];
}

async function planTree(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  draft: TreeDraft,
  intake: Intake,
): Promise<PlannedTree> {
  const suites: SuiteContents[] = [];
  const missingForms: RepositoryPath[] = [];
  for (const suite of selectSuites(context, releases)) {
    placeSignatures(context, suite, draft);
    const { contents, missing } = await fetchIndices(context, suite, intake);
    suites.push(contents);
    missingForms.push(...missing);
  }
  const plan = await planFiles(context, suites, draft.root);
  context.working.assertShowable(topNames(releases, plan)); // before anything large is downloaded
  const metadata = measureMetadata(draft.root);
  assertSpaceForTree(context, plan, metadata);
  return { plan, metadata, missingForms };
}

function topNames(releases: readonly SuiteRelease[], plan: FilePlan): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (path: string): void => void names.add(path.split("/", 1)[0] ?? path);
  for (const { suite } of releases) add(suite.path("Release"));
  for (const { path } of plan.files()) add(path);
  return names;
}
