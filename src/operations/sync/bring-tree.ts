import { findVariantsLeftOut } from "../../plan/index.ts";
import { listDirectory, removeTree } from "../../platform/files.ts";
import { flushTrees } from "../../platform/flush.ts";
import { itemsOf } from "../../report/errors.ts";
import { countOf, formatBytes } from "../../report/units.ts";
import { describeTree, draftTree } from "../../snapshot/index.ts";
import type { SyncState } from "../../store/index.ts";
import { TrustError } from "../../trust/index.ts";
import { carryWorking, dropCarriedByWorking } from "../carry.ts";
import { freeSpace } from "../delete-snapshots.ts";
import { type BrokenFile, BrokenUpstreamError, MissingIndexError } from "./broken-upstream.ts";
import { factsOf } from "./facts-of.ts";
import { warnOfVariants } from "./fetch-indices.ts";
import type { SuiteRelease } from "./fetch-release.ts";
import { fetchReleases, isSameRelease } from "./fetch-releases.ts";
import { type FilledTree, fillTree } from "./fill-tree.ts";
import type { SyncContext } from "./sync-context.ts";

export interface BroughtTree {
  readonly unchanged: boolean;
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
  /** Files that upstream lists and does not have, in words: published without them, as allow_missing says. */
  readonly missing: readonly string[];
  /** For the history. */
  readonly summary: string | undefined;
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
  let releases = await fetchReleases(context);
  for (let attempt = 1; ; attempt++) {
    if (isShown(context, releases)) return await keepShown(context, releases);
    try {
      return await bringOnce(context, releases);
    } catch (error) {
      if (!isUpstreamsFault(error) || attempt === attemptsMax) throw error;
      const moved = !isSameRelease(await fetchReleases(context), releases);
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
      releases = await fetchReleases(context);
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

async function bringOnce(context: SyncContext, releases: readonly SuiteRelease[]): Promise<BroughtTree> {
  const { draft: draftPath, generation } = context.working.next(context.now());
  const draft = draftTree(draftPath, generation.path);
  const filled = await fillTree(context, releases, draft);
  const lacksFiles = filled.broken.length > 0;
  const missing = lacksFiles ? await judgeBroken(context, releases, filled.broken) : [];
  context.signal.throwIfAborted();
  draft.complete();
  const counts = countsOf(generation.path);
  alignNames(context); // before it shows what nobody has promoted
  carryWorking(context, generation);
  await flushTrees([generation.path], context.signal); // whole on disk before a public name leads there
  context.working.show(generation);
  const known = { generation: generation.name, facts: factsOf(context.mirror, releases, filled), counts };
  context.memory.write({ ...stateOf(context, releases, known), lacksFiles });
  await removeLeftovers(context);
  await freeSpace(context);
  return {
    unchanged: false,
    fetchedFiles: filled.fetchedFiles,
    fetchedBytes: filled.fetchedBytes,
    missing,
    summary: summaryOf(filled),
  };
}

/**
 * An upstream that has gone on to its next Release lacks what it listed before, and is read again. One that has not is
 * broken: with allow_missing that is reported, and the rest is shown. Returns what is missing, in words.
 */
async function judgeBroken(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  broken: readonly BrokenFile[],
): Promise<readonly string[]> {
  const { id, allow } = context.mirror;
  const error = new BrokenUpstreamError(id, broken);
  if (!allow.missing || !isSameRelease(await fetchReleases(context), releases)) throw error;
  context.emit({ type: "files-missing", problem: error.message, files: error.items });
  return error.items;
}

/**
 * True when the working mirror is the tree of exactly these Releases and of what the configuration asks for now, with
 * nothing missing that upstream may have by now, and nothing that is known to be damaged.
 */
function isShown(context: SyncContext, releases: readonly SuiteRelease[]): boolean {
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

async function keepShown(context: SyncContext, releases: readonly SuiteRelease[]): Promise<BroughtTree> {
  context.emit({ type: "upstream-unchanged" });
  alignNames(context);
  warnOfVariants(context, releases);
  const isTidied = await removeLeftovers(context);
  if (dropCarriedByWorking(context) > 0 || isTidied) await freeSpace(context);
  const state = context.state && stateOf(context, releases, context.state);
  // A server that knows no conditional requests sends the same bytes again, perhaps with another ETag.
  if (state !== undefined && !sameUpstream(state, context.state)) context.memory.write(state);
  return { unchanged: true, fetchedFiles: 0, fetchedBytes: 0, missing: [], summary: undefined };
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

function stateOf(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  { generation, facts, counts }: Pick<SyncState, "generation" | "facts" | "counts">,
): SyncState {
  const variantsLeftOut = findVariantsLeftOut(releases, context.mirror);
  return {
    generation,
    completedAt: context.now().toISOString(),
    selection: context.selection,
    suites: releases.map(({ suite, signedBy, companionsLeftOut, validators }) => ({
      suite,
      signedBy: signedBy.map((key) => key.keyId),
      ...(companionsLeftOut ? { companionsLeftOut } : {}),
      etag: validators.etag,
      lastModified: validators.lastModified,
    })),
    ...(variantsLeftOut.length > 0 ? { variantsLeftOut: [...variantsLeftOut] } : {}),
    facts,
    counts,
  };
}

const sameUpstream = (a: SyncState, b: SyncState | undefined): boolean =>
  JSON.stringify([a.suites, a.variantsLeftOut]) === JSON.stringify([b?.suites, b?.variantsLeftOut]);

const summaryOf = ({ fetchedFiles, fetchedBytes }: FilledTree): string =>
  `${countOf(fetchedFiles, "file")} fetched (${formatBytes(fetchedBytes)})`;
