import type { HistoryDetails } from "../../history/index.ts";
import { mapBounded } from "../../platform/flow/map-bounded.ts";
import { LockError } from "../../platform/locks/lock.ts";
import { recordOf } from "../../report/errors.ts";
import type { MissingFile } from "../../report/words/missing-files.ts";
import type { MirrorContext, Ports } from "../context.ts";
import { compareWithProduction } from "../diff/index.ts";
import { rebuildFirstSeen } from "../first-seen/index.ts";
import { OwnerError } from "../site-owner.ts";
import { checkDirectories } from "./found/check-directories.ts";
import type { Reused } from "./found/found-directories.ts";
import { givingUpLost } from "./give-up-lost.ts";
import { freezeProduction, type PublishedSync, publishSync } from "./publish-sync.ts";
import {
  type LookContext,
  type SyncContext,
  type SyncOptions,
  type SyncPorts,
  startSync,
} from "./sync-context.ts";
import { assertHardLinks } from "./tree/assert-hard-links.ts";
import { type UpdatedMirror, updateWorkingMirror } from "./update-working-mirror.ts";

export type SyncOutcome =
  | ({
      readonly kind: "synced";
      readonly mirror: string;
      /** Nothing was new upstream. */
      readonly unchanged: boolean;
      readonly fetchedFiles: number;
      readonly fetchedBytes: number;
      /** What was used of the directories where files were looked for. Undefined without them, and if nothing was new. */
      readonly reused: Reused | undefined;
      /** Published without them (allow_missing). */
      readonly missing: readonly MissingFile[];
    } & PublishedSync)
  /** Another run holds the lock of the mirror. Nothing was done, and nothing is in the history. */
  | { readonly kind: "locked"; readonly mirror: string; readonly error: LockError }
  /** The signal of the run was aborted; `error` is its reason. The next run continues. */
  | { readonly kind: "interrupted"; readonly mirror: string; readonly error: unknown }
  | { readonly kind: "failed"; readonly mirror: string; readonly error: unknown };

const mirrorsAtOnce = 4;

/**
 * Syncs several mirrors at a time. Each fails on its own. Returns the outcomes in the order of the mirrors. Throws
 * FILES_UNUSABLE before anything is done.
 */
export async function syncMirrors(
  mirrors: readonly MirrorContext[],
  openPorts: (mirror: MirrorContext) => Promise<SyncPorts>,
  options: SyncOptions,
): Promise<readonly SyncOutcome[]> {
  if (options.found !== undefined) checkDirectories(options.found.directories, mirrors);
  return mapBounded(mirrors, mirrorsAtOnce, (mirror) => syncMirror(mirror, () => openPorts(mirror), options));
}

/**
 * Copies what the mirror selects, verified and byte-identical, shows it as the working mirror, and makes, stages and prunes
 * snapshots as configured. A failure is an outcome, not an exception: other mirrors go on.
 */
export async function syncMirror(
  mirror: MirrorContext,
  openPorts: () => Promise<SyncPorts>,
  options: SyncOptions,
): Promise<SyncOutcome> {
  if (mirror.signal.aborted) return interrupted(mirror); // not begun: the history has nothing to record
  try {
    using _lock = await mirror.lockWorkingMirror("sync");
    return await syncUnlocked(mirror, openPorts, options);
  } catch (error) {
    return error instanceof LockError ? foundLocked(mirror, error, options) : failed(mirror, error);
  }
}

/** Called with the lock of the working mirror held. Every failure is an outcome, including those of later locks. */
async function syncUnlocked(
  mirror: MirrorContext,
  openPorts: () => Promise<SyncPorts>,
  options: SyncOptions,
): Promise<SyncOutcome> {
  mirror.emit({ type: "sync-started" });
  try {
    const context = startSync(mirror, await openPorts(), options);
    return await sync(context, options);
  } catch (error) {
    return await failed(mirror, error);
  }
}

function foundLocked(
  { mirror, emit }: Ports<"mirror" | "emit">,
  error: LockError,
  { ifIdle = false }: SyncOptions,
): SyncOutcome {
  emit(ifIdle ? { type: "sync-left", reason: error.message } : { type: "sync-locked", error });
  return { kind: "locked", mirror: mirror.id, error };
}

const interrupted = ({ mirror, signal }: Ports<"mirror" | "signal">): SyncOutcome => ({
  kind: "interrupted",
  mirror: mirror.id,
  error: signal.reason,
});

async function failed(
  context: Ports<"mirror" | "signal" | "emit" | "record">,
  error: unknown,
): Promise<SyncOutcome> {
  const { mirror, signal } = context;
  const outcome = signal.aborted
    ? interrupted(context)
    : ({ kind: "failed", mirror: mirror.id, error } as const);
  // If something else fails while the run is being stopped, the log says so.
  const isReason = signal.aborted && error === signal.reason;
  context.emit(isReason ? { type: "sync-interrupted" } : { type: "sync-failed", error });
  const isOfOwner = !(error instanceof OwnerError); // nobody else can write the history
  if (isOfOwner) await context.record({ action: "sync", result: "failed", detail: recordOf(error) });
  return outcome;
}

async function sync(context: SyncContext, { force }: SyncOptions): Promise<SyncOutcome> {
  const startedAt = context.now();
  warnOfTrustGivenUp(context);
  if (context.working.current() === undefined) assertHardLinks(context);
  await freezeProduction(context);
  await rebuildFirstSeen(context);
  const updated = await givingUpLost(context, () => updateWorkingMirror(context));
  context.emit({ type: "sync-completed" });
  await context.record({
    action: "sync",
    result: updated.unchanged ? "unchanged" : "done",
    details: detailsOf(updated, context.upstream.directory, startedAt, context.now()),
  });
  const published = await publishSync(context, { unchanged: updated.unchanged, force });
  if (published.staged && !published.kept) await compareStaged(context, published.snapshot);
  const { unchanged, fetchedFiles, fetchedBytes, reused, missing } = updated;
  const mirror = context.mirror.id;
  return { kind: "synced", mirror, unchanged, fetchedFiles, fetchedBytes, reused, missing, ...published };
}

/** So that `status` and the history say what the promotion of the new snapshot would change. */
async function compareStaged(context: SyncContext, name: string | undefined): Promise<void> {
  const snapshot = name === undefined ? undefined : await context.catalog.find(name);
  if (snapshot !== undefined) await compareWithProduction(context, snapshot, { record: true });
}

const detailsOf = (
  { fetchedFiles, fetchedBytes }: UpdatedMirror,
  directory: string | undefined,
  from: Date,
  to: Date,
): HistoryDetails => ({
  kind: "synced",
  elapsedMs: to.getTime() - from.getTime(),
  files: fetchedFiles,
  sizeBytes: fetchedBytes,
  ...(directory === undefined ? {} : { directory }),
});

export function warnOfTrustGivenUp({
  mirror,
  pgpCheck,
  emit,
}: Pick<LookContext, "mirror" | "pgpCheck" | "emit">): void {
  if (!pgpCheck) emit({ type: "signatures-unchecked" });
  if (mirror.tls.insecureSkipVerify) emit({ type: "certificates-unchecked" });
}
