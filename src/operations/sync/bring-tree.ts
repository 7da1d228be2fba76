import { listDirectory, removeTree } from "../../platform/files.ts";
import { flushTrees } from "../../platform/flush.ts";
import { itemsOf } from "../../report/errors.ts";
import { describeTree, draftTree } from "../../snapshot/index.ts";
import type { SyncState } from "../../store/index.ts";
import { TrustError } from "../../trust/index.ts";
import { carryWorking, dropCarriedByWorking } from "../production/index.ts";
import { freeSpace } from "../snapshots/index.ts";
import { assertHardLinks } from "./assert-hard-links.ts";
import { type BrokenFile, BrokenUpstreamError, MissingIndexError, reportMissing } from "./broken-upstream.ts";
import { factsOf } from "./facts-of.ts";
import { askAgain } from "./files/ask-again.ts";
import { fillTree } from "./fill-tree.ts";
import { warnOfVariants } from "./indices/fetch-indices.ts";
import { downloadReleases, isSameRelease, type SuiteRelease } from "./release/suite-release.ts";
import type { LookContext, SyncContext } from "./sync-context.ts";
import { lackedFileOf, rememberTree, rememberUpstream } from "./sync-state.ts";

export interface BroughtTree {
  readonly unchanged: boolean;
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
  /** Files that upstream lists and does not have, in words: published without them, as allow_missing says. */
  readonly missing: readonly string[];
}

/** How often an upstream may change while it is read before the sync gives up. */
const attemptsMax = 5;
const attemptsWhenLagging = 3;
const waitAfterMoveMs = 2_000;

/**
 * Makes the tree of what upstream has now, and shows it once it is complete. An upstream that changes while it is read
 * is read again from its newest Release: never is one Release paired with the files of another.
 */
export async function bringTree(context: SyncContext): Promise<BroughtTree> {
  let releases = await downloadReleases(context);
  for (let attempt = 1; ; attempt++) {
    try {
      return await bringNews(context, releases);
    } catch (error) {
      if (!isUpstreamsFault(error) || attempt === attemptsMax) throw error;
      const moved = !isSameRelease(await downloadReleases(context), releases);
      if (!moved && !mayLag(error, attempt)) throw error;
      const waitMs = waitAfterMoveMs * 2 ** (attempt - 1);
      context.emit({
        type: "upstream-moved",
        reason: error.message,
        items: itemsOf(error),
        attempt: attempt + 1,
        waitMs,
      });
      await context.pause(waitMs, context.signal);
      releases = await downloadReleases(context);
    }
  }
}

/** What may come of an upstream that has gone on to its next Release meanwhile. */
function isUpstreamsFault(error: unknown): error is Error {
  if (error instanceof TrustError) return error.code === "DIGEST_MISMATCH" || error.code === "SIZE_MISMATCH";
  return error instanceof BrokenUpstreamError || error instanceof MissingIndexError;
}

/**
 * An index that does not fit a Release which has not changed: the servers behind one name may be at different states for
 * a moment. Packages that an unchanged index names are missing for good.
 */
function mayLag(error: Error, attempt: number): boolean {
  return !(error instanceof BrokenUpstreamError) && attempt < attemptsWhenLagging;
}

/** Keeps the tree that is shown where nothing is new, neither a Release nor what the tree lacks. */
async function bringNews(context: SyncContext, releases: readonly SuiteRelease[]): Promise<BroughtTree> {
  if (!isShown(context, releases)) return await bringOnce(context, releases);
  const lacking = context.state?.lacking ?? [];
  if (lacking.length === 0) return await keepShown(context, releases, []);
  const { files, sizeBytes, broken } = await askAgain(context, lacking);
  if (broken.length === lacking.length) return await keepShown(context, releases, broken);
  const stillLacked = new Map(broken.map((one) => [one.file.path, one]));
  const brought = await bringOnce({ ...context, stillLacked }, releases);
  const { fetchedFiles, fetchedBytes } = brought;
  return { ...brought, fetchedFiles: fetchedFiles + files, fetchedBytes: fetchedBytes + sizeBytes };
}

async function bringOnce(context: SyncContext, releases: readonly SuiteRelease[]): Promise<BroughtTree> {
  if (context.working.current() !== undefined) assertHardLinks(context);
  const { draft: draftPath, generation } = context.working.next(context.now());
  const draft = draftTree(draftPath, generation.path);
  const filled = await fillTree(context, releases, draft);
  const missing = filled.broken.length > 0 ? await judgeBroken(context, releases, filled.broken) : [];
  context.signal.throwIfAborted();
  draft.complete();
  const counts = countsOf(generation.path);
  alignNames(context); // before it shows what nobody has promoted
  carryWorking(context, generation);
  await flushTrees([generation.path], context.signal); // whole on disk before a public name leads there
  context.working.show(generation);
  const facts = factsOf(context.mirror, releases, filled);
  const lacking = filled.broken.map(lackedFileOf);
  rememberTree(context, releases, { generation: generation.name, facts, counts, lacking });
  await removeLeftovers(context);
  await freeSpace(context);
  return {
    unchanged: false,
    fetchedFiles: filled.fetchedFiles,
    fetchedBytes: filled.fetchedBytes,
    missing,
  };
}

/**
 * Decides about files that upstream does not have as listed. If upstream has gone on to its next Release, it is read again.
 * If it has not, it is broken: with allow_missing that is reported, and the rest is shown. Returns a line for each file.
 */
async function judgeBroken(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  broken: readonly BrokenFile[],
): Promise<readonly string[]> {
  const { id, allow } = context.mirror;
  if (allow.missing && isSameRelease(await downloadReleases(context), releases))
    return reportMissing(id, broken, context.emit);
  throw new BrokenUpstreamError(id, broken);
}

/**
 * True when the working mirror is the tree of exactly these Releases and of what the configuration asks for now, with
 * nothing that is known to be damaged. It may lack files.
 */
export function isShown(context: LookContext, releases: readonly SuiteRelease[]): boolean {
  const { state } = context;
  return (
    state !== undefined &&
    state.lacksFiles !== true &&
    state.generation === context.working.current()?.name &&
    state.generation !== context.memory.damagedGeneration() &&
    state.selection === context.selection &&
    releases.every(({ unchanged }) => unchanged)
  );
}

async function keepShown(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  broken: readonly BrokenFile[],
): Promise<BroughtTree> {
  context.emit({ type: "upstream-unchanged" });
  const missing = reportMissing(context.mirror.id, broken, context.emit);
  alignNames(context);
  warnOfVariants(context, releases);
  const isTidied = await removeLeftovers(context);
  if (dropCarriedByWorking(context) > 0 || isTidied) await freeSpace(context);
  rememberUpstream(context, releases, broken);
  return { unchanged: true, fetchedFiles: 0, fetchedBytes: 0, missing };
}

function alignNames({ working, layout, emit }: SyncContext): void {
  const names = working.alignNames();
  if (names.length > 0) emit({ type: "working-mirror-hidden", root: layout.root, names });
}

/** What is no part of the tree that is shown: earlier trees, and downloads that no index names any longer. */
async function removeLeftovers({ working, layout }: SyncContext): Promise<boolean> {
  const removed = await working.removeOthers();
  const isPartialLeft = listDirectory(layout.partial).length > 0;
  if (isPartialLeft) await removeTree(layout.partial);
  return removed > 0 || isPartialLeft;
}

function countsOf(tree: string): SyncState["counts"] {
  const { files, packages, sizeBytes } = describeTree(tree);
  return { files, packages, sizeBytes };
}
