import { listDirectory } from "../../platform/look.ts";
import { removeTree } from "../../platform/remove-tree.ts";
import type { MissingFile } from "../../report/words/missing-files.ts";
import { draftTree, keepDifference } from "../../snapshot/index.ts";
import { recordFirstSeen } from "../first-seen/index.ts";
import { freeSpace } from "../snapshots/index.ts";
import { type BrokenFile, BrokenUpstreamError, reportMissing } from "./broken-upstream.ts";
import { countFiles } from "./count-files.ts";
import type { Reused } from "./found/found-directories.ts";
import { downloadReleases, isSameRelease, type SuiteRelease } from "./release/suite-release.ts";
import { showGeneration } from "./show-generation.ts";
import type { SyncContext } from "./sync-context.ts";
import { factsOf, lackedFileOf, rememberTree } from "./sync-state.ts";
import { assertHardLinks } from "./tree/assert-hard-links.ts";
import { fillTree } from "./tree/fill-tree.ts";
import { differenceFrom, keepSpare, mayBeFree } from "./tree/spare-tree.ts";

export interface MadeGeneration {
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
  /** What was used of --files. */
  readonly reused: Reused | undefined;
  /** Published without them (allow_missing). */
  readonly missing: readonly MissingFile[];
}

/**
 * Makes a new generation of what these Releases list, shows it as the working mirror once it is complete, and removes the one
 * before. `stillLacked`: files that upstream was found to lack a moment ago, by path; they are not requested again.
 */
export async function makeGeneration(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  stillLacked: ReadonlyMap<string, BrokenFile>,
): Promise<MadeGeneration> {
  const { working, mirror, memory, objects, signal } = context;
  const hadTree = working.current() !== undefined;
  if (hadTree) assertHardLinks(context);
  const wasCutOff = memory.isFreeing();
  memory.beginFreeing();
  const disownedAtMs = objects.disownedAtMs();
  const { draft: draftPath, generation } = working.next(context.now());
  const draft = draftTree(draftPath, generation.path);
  const filled = await fillTree(context, releases, draft, stillLacked);
  const { fetchedFiles, fetchedBytes, reused, broken, update } = filled;
  const missing = broken.length > 0 ? await judgeBroken(context, releases, broken) : [];
  signal.throwIfAborted();
  draft.complete();
  const tree = { ...filled, generation, lacking: new Set(broken.map(({ file }) => file.path)) };
  const { counts, listed } = countFiles(tree, update);
  const releaseDates = releases.map(({ release }) => release.date);
  const files = () => filled.plan.files();
  await recordFirstSeen(
    context,
    { files, added: update?.added, lacking: tree.lacking, releaseDates },
    context.state,
  );
  alignNames(context); // before it shows what nobody has promoted
  const lackedBefore = context.state?.lacking?.map(({ file }) => file.path);
  const difference = update && differenceFrom(update, tree, lackedBefore);
  await showGeneration(context, generation, difference?.gone);
  const facts = factsOf(mirror, releases, filled);
  const lacking = broken.map(lackedFileOf);
  rememberTree(context, releases, {
    generation: generation.name,
    facts,
    counts,
    lacking,
    firstSeenKept: true,
  });
  await keepSpare(context, { ...tree, listed }, update, disownedAtMs);
  if (difference !== undefined) keepDifference(context.layout, difference);
  const isTidied = await removeLeftovers(context);
  const given = hadTree ? mayBeFree(update) : []; // a first tree takes the place of none
  await freeSpace(context, wasCutOff || isTidied ? undefined : given);
  memory.endFreeing();
  return { fetchedFiles, fetchedBytes, reused, missing };
}

/**
 * Decides about files that upstream does not have as listed. If upstream has gone on to its next Release, it is read again.
 * If it has not, it is broken: with allow_missing that is reported, and the rest is shown. Returns the broken files.
 */
async function judgeBroken(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  broken: readonly BrokenFile[],
): Promise<readonly MissingFile[]> {
  const { id, allow } = context.mirror;
  if (allow.missing && isSameRelease(await downloadReleases(context), releases))
    return reportMissing(broken, context.emit);
  throw new BrokenUpstreamError(id, broken, context.upstream.directory);
}

/** Removes public names of the working mirror that the configuration does not ask for any longer. */
export function alignNames({
  working,
  layout,
  emit,
}: Pick<SyncContext, "working" | "layout" | "emit">): void {
  const names = working.alignNames();
  if (names.length > 0) emit({ type: "working-mirror-hidden", root: layout.root, names });
}

/**
 * Removes earlier generations, drafts, and partials that no index lists any longer. Returns whether there were any that may
 * have held objects.
 */
export async function removeLeftovers({
  working,
  layout,
}: Pick<SyncContext, "working" | "layout">): Promise<boolean> {
  const removed = await working.removeOthers();
  const isPartialLeft = listDirectory(layout.partial).length > 0;
  if (isPartialLeft) await removeTree(layout.partial);
  return removed > 0 || isPartialLeft;
}
