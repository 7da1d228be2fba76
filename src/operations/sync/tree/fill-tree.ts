import { namesOfForm, type SuiteContents } from "../../../contents/index.ts";
import { type IndexListing, type PlannedFiles, plannedFiles, type TreePlan } from "../../../plan/index.ts";
import { listDirectory } from "../../../platform/look.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import { parseSha256, type RepositoryPath, type Sha256 } from "../../../repository/index.ts";
import { type HeldName, type TreeDraft, walkPaths } from "../../../snapshot/index.ts";
import type { BrokenFile } from "../broken-upstream.ts";
import { downloadFiles, linkHeldFiles } from "../files/download-files.ts";
import type { Intake } from "../files/intake.ts";
import { openKeeper, storeIntake } from "../files/store-intake.ts";
import type { Reused } from "../found/found-directories.ts";
import { FoundFiles } from "../found/found-files.ts";
import { fetchIndices, selectSuites } from "../indices/fetch-indices.ts";
import { placeSignatures } from "../release/place-signatures.ts";
import type { SuiteRelease } from "../release/suite-release.ts";
import type { SyncContext } from "../sync-context.ts";
import { assertSpaceForFiles, assertSpaceForTree } from "./enough-space.ts";
import { planTree, type Update } from "./plan-tree.ts";
import { type Metadata, measureMetadata } from "./space-needed.ts";
import { startFromSpare } from "./spare-tree.ts";

export interface FilledTree {
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
  /** What was used of --files. */
  readonly reused: Reused | undefined;
  /** Files that are not in the tree, because upstream does not have them as listed. */
  readonly broken: readonly BrokenFile[];
  /** Paths of the listed forms of indices that are not in it. */
  readonly missingForms: readonly RepositoryPath[];
  readonly plan: TreePlan;
  readonly listings: readonly IndexListing[] | undefined;
  /** Signature files and indices, under all their names. */
  readonly metadata: readonly HeldName[];
  /** How it differs from the tree that is shown, if that is known. */
  readonly update: Update | undefined;
}

/** Puts into a draft what the Releases list for the selection and upstream has: signatures, indices, packages. */
export async function fillTree(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  draft: TreeDraft,
  stillLacked: ReadonlyMap<string, BrokenFile>,
): Promise<FilledTree> {
  const { working, signal } = context;
  await using keeper = openKeeper(context);
  const intake = storeIntake(context, draft, keeper);
  const found = context.found && new FoundFiles({ ...context, draft, intake }, context.found);
  const started = await startTree(context, releases, { draft, intake, found }).catch(
    async (error: unknown) => {
      if (!signal.aborted) await draft.discard();
      throw error;
    },
  );
  const { plan, space, missing: unheld, ...known } = started;
  await working.removeOthers(draft.root); // this tree now holds what the drafts of interrupted runs held
  const assertRoomFor = (files: PlannedFiles): void => assertSpaceForFiles(context, plan, files, space);
  const taken = await found?.take([...unheld.files()], (files) => assertRoomFor(plannedFiles(files)));
  const missing = taken === undefined ? unheld : plannedFiles(taken.missing);
  assertRoomFor(missing);
  keeper.expect(missing.count, missing.sizeBytes);
  const heldFiles = plan.count - missing.count;
  const tally = await downloadFiles(context, intake, { files: missing, heldFiles, stillLacked });
  return {
    fetchedFiles: tally.files,
    fetchedBytes: tally.sizeBytes,
    broken: tally.broken,
    reused: taken?.reused,
    plan,
    ...known,
  };
}

/** The tree that is made, and what fills it. */
interface Filling {
  readonly draft: TreeDraft;
  readonly intake: Intake;
  /** What lies in directories of this disk, if some were named. */
  readonly found: FoundFiles | undefined;
}

interface StartedTree extends Pick<FilledTree, "plan" | "listings" | "metadata" | "update" | "missingForms"> {
  readonly space: Metadata;
  /** Files that are planned and not held. */
  readonly missing: PlannedFiles;
}

/**
 * Does everything before packages are downloaded. A draft that fails here holds next to nothing, so it is removed. A draft
 * that is interrupted, or fails later, stays: it keeps what was downloaded from being swept.
 */
async function startTree(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  { draft, intake, found }: Filling,
): Promise<StartedTree> {
  const suites: SuiteContents[] = [];
  const missingForms: RepositoryPath[] = [];
  for (const suite of selectSuites(context, releases)) {
    placeSignatures(context, suite, draft);
    await found?.takeIndices(suite.suite, suite.selection.indices);
    const { contents, missing } = await fetchIndices(context, suite, intake);
    suites.push(contents);
    missingForms.push(...missing);
  }
  const { plan, listings, update } = await planTree(context, suites, draft.root);
  context.working.assertShowable(topNames(releases, plan, update)); // before anything large is downloaded
  const space = measureMetadata(draft.root);
  const metadata = metadataOf(draft.root, releases, suites);
  const added = await startFromSpare(context, draft, plan, update);
  assertSpaceForTree(context, plan, added, space);
  const missing = await linkHeldFiles(intake, context.objects, added, context.signal);
  return { plan, listings, space, metadata, update, missingForms, missing };
}

/** Returns the files of a tree that has no packages yet. */
function metadataOf(
  root: string,
  releases: readonly SuiteRelease[],
  suites: readonly SuiteContents[],
): readonly HeldName[] {
  const objects = new Map<string, Sha256>();
  for (const { suite, files } of releases)
    for (const { name, bytes } of files) objects.set(suite.path(name), digestsOf(bytes).sha256);
  for (const suite of suites)
    for (const form of suite.indices.flatMap(({ forms }) => forms)) {
      const { sha256 } = form.entry.digests;
      if (sha256 !== undefined)
        for (const path of namesOfForm(suite, form)) objects.set(path, parseSha256(sha256));
    }
  return [...walkPaths(root)].map((path) => {
    const sha256 = objects.get(path);
    return { path, ...(sha256 === undefined ? {} : { sha256 }) };
  });
}

/** What stays is below a name that is shown: of an update, only what it adds is looked through. */
function topNames(
  releases: readonly SuiteRelease[],
  plan: TreePlan,
  update: Update | undefined,
): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (path: string): void => {
    const slash = path.indexOf("/");
    names.add(slash === -1 ? path : path.slice(0, slash));
  };
  for (const { suite } of releases) add(suite.path("Release"));
  if (update === undefined) for (const path of plan.paths()) add(path);
  else {
    for (const { name } of listDirectory(update.shown.path)) add(name);
    for (const { path } of update.added) add(path);
  }
  return names;
}
