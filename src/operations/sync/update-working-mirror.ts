import { itemsOf } from "../../report/errors.ts";
import { TrustError } from "../../trust/index.ts";
import { freeSpace } from "../snapshots/index.ts";
import { type BrokenFile, BrokenUpstreamError, MissingIndexError, reportMissing } from "./broken-upstream.ts";
import { requestLacked } from "./files/request-lacked.ts";
import { addReused } from "./found/found-directories.ts";
import { warnOfVariants } from "./indices/fetch-indices.ts";
import { alignNames, type MadeGeneration, makeGeneration, removeLeftovers } from "./make-generation.ts";
import { downloadReleases, isSameRelease, type SuiteRelease } from "./release/suite-release.ts";
import type { LookContext, SyncContext } from "./sync-context.ts";
import { rememberUpstream } from "./sync-state.ts";

export interface UpdatedMirror extends MadeGeneration {
  /** Nothing was new upstream: the working mirror is the same generation as before. */
  readonly unchanged: boolean;
}

/** How often an upstream may change while it is read before the sync gives up. */
const attemptsMax = 5;
const attemptsWhenLagging = 3;
const waitAfterMoveMs = 2_000;

/**
 * Makes the working mirror show what upstream has now. An upstream that changes while it is read is read again from its
 * newest Release: one Release is never paired with the files of another.
 */
export async function updateWorkingMirror(context: SyncContext): Promise<UpdatedMirror> {
  let releases = await downloadReleases(context);
  for (let attempt = 1; ; attempt++) {
    try {
      return await updateTo(context, releases);
    } catch (error) {
      if (!isUpstreamsFault(error) || attempt === attemptsMax) throw error;
      if (context.upstream.directory !== undefined) throw error; // it is not changing
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

/** True for the errors that an upstream causes which goes on to its next Release meanwhile. */
function isUpstreamsFault(error: unknown): error is Error {
  if (error instanceof TrustError) return error.code === "DIGEST_MISMATCH" || error.code === "SIZE_MISMATCH";
  return error instanceof BrokenUpstreamError || error instanceof MissingIndexError;
}

/**
 * True for an index that does not match a Release which has not changed: the servers behind one name may have different
 * states for a moment. Packages that an unchanged index lists are missing for good.
 */
function mayLag(error: Error, attempt: number): boolean {
  return !(error instanceof BrokenUpstreamError) && attempt < attemptsWhenLagging;
}

/** Keeps the shown generation if nothing is new: neither a Release, nor a file that the generation lacks. */
async function updateTo(context: SyncContext, releases: readonly SuiteRelease[]): Promise<UpdatedMirror> {
  if (!isShown(context, releases))
    return { unchanged: false, ...(await makeGeneration(context, releases, new Map())) };
  const lacking = context.state?.lacking ?? [];
  if (lacking.length === 0) return await keepShown(context, releases, []);
  const { files, sizeBytes, broken, reused } = await requestLacked(context, lacking);
  if (broken.length === lacking.length) return await keepShown(context, releases, broken);
  const stillLacked = new Map(broken.map((one) => [one.file.path, one]));
  const made = await makeGeneration(context, releases, stillLacked);
  const fetchedFiles = made.fetchedFiles + files;
  const fetchedBytes = made.fetchedBytes + sizeBytes;
  return { unchanged: false, ...made, fetchedFiles, fetchedBytes, reused: addReused(reused, made.reused) };
}

/**
 * True if the working mirror is the tree of exactly these Releases and of what the configuration asks for now, without known
 * damage. It may lack files.
 */
export function isShown(
  { state, selection, working, memory }: Pick<LookContext, "state" | "selection" | "working" | "memory">,
  releases: readonly SuiteRelease[],
): boolean {
  return (
    state !== undefined &&
    state.lacksFiles !== true &&
    state.generation === working.current()?.name &&
    state.generation !== memory.damagedGeneration() &&
    state.selection === selection &&
    releases.every(({ unchanged }) => unchanged)
  );
}

async function keepShown(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  broken: readonly BrokenFile[],
): Promise<UpdatedMirror> {
  const { emit, memory } = context;
  emit({ type: "upstream-unchanged" });
  const missing = reportMissing(broken, emit);
  alignNames(context);
  warnOfVariants(context, releases);
  const isTidied = await removeLeftovers(context);
  const dropped = await context.working.dropExpired(context.now(), context.signal);
  if (dropped > 0 || isTidied || memory.isFreeing()) {
    await freeSpace(context);
    memory.endFreeing();
  }
  rememberUpstream(context, releases, broken);
  return { unchanged: true, fetchedFiles: 0, fetchedBytes: 0, reused: undefined, missing };
}
