import { LockError } from "../../platform/locks/lock.ts";
import { Interrupted, recordOf } from "../../report/errors.ts";
import { countOf, formatBytes } from "../../report/units.ts";
import type { MirrorContext } from "../context.ts";
import { OwnerError } from "../site-owner.ts";
import { assertHardLinks } from "./assert-hard-links.ts";
import { type BroughtTree, bringTree } from "./bring-tree.ts";
import { freezeProduction, type PublishedSync, publishSync } from "./publish-sync.ts";
import {
  type LookContext,
  type SyncContext,
  type SyncOptions,
  type SyncPorts,
  startSync,
} from "./sync-context.ts";

export type SyncOutcome =
  | ({
      readonly kind: "synced";
      readonly mirror: string;
      /** Nothing was new upstream. */
      readonly unchanged: boolean;
      readonly fetchedFiles: number;
      readonly fetchedBytes: number;
      /** Files that upstream lists and does not have, in words: published without them, as allow_missing says. */
      readonly missing: readonly string[];
    } & PublishedSync)
  /** Another run holds the lock of the mirror. Nothing was done, and the history has no line of it. */
  | { readonly kind: "locked"; readonly mirror: string; readonly error: LockError }
  /** The run was told to stop, and the next one continues. */
  | { readonly kind: "interrupted"; readonly mirror: string; readonly error: Interrupted }
  | { readonly kind: "failed"; readonly mirror: string; readonly error: unknown };

/**
 * Brings a verified, byte-identical copy of what the mirror selects, shows it as the working mirror, and freezes,
 * stages and prunes as configured. A failure is an outcome, not an exception: other mirrors go on.
 */
export async function syncMirror(
  mirror: MirrorContext,
  openPorts: () => Promise<SyncPorts>,
  options: SyncOptions,
): Promise<SyncOutcome> {
  const { reason } = mirror.signal;
  // It had not begun, so that the history has nothing to record.
  if (reason instanceof Interrupted) return { kind: "interrupted", mirror: mirror.mirror.id, error: reason };
  try {
    using _lock = await mirror.lockWorkingMirror("sync");
    return await syncUnlocked(mirror, openPorts, options);
  } catch (error) {
    return error instanceof LockError ? foundLocked(mirror, error) : failed(mirror, error);
  }
}

/** For a caller that holds the lock of the working mirror. Every failure is an outcome, later locks included. */
async function syncUnlocked(
  mirror: MirrorContext,
  openPorts: () => Promise<SyncPorts>,
  options: SyncOptions,
): Promise<SyncOutcome> {
  mirror.emit({ type: "sync-started" });
  try {
    const context = startSync(mirror, await openPorts(), options);
    return await sync(context);
  } catch (error) {
    return failed(mirror, error);
  }
}

function foundLocked({ mirror, emit }: MirrorContext, error: LockError): SyncOutcome {
  emit({ type: "sync-locked", error });
  return { kind: "locked", mirror: mirror.id, error };
}

function failed(context: MirrorContext, error: unknown): SyncOutcome {
  const mirror = context.mirror.id;
  const isInterrupted = error instanceof Interrupted;
  context.emit(isInterrupted ? { type: "sync-interrupted" } : { type: "sync-failed", error });
  const isOfOwner = !(error instanceof OwnerError); // nobody else can write the history
  if (isOfOwner) context.record({ action: "sync", result: "failed", detail: recordOf(error) });
  return isInterrupted ? { kind: "interrupted", mirror, error } : { kind: "failed", mirror, error };
}

async function sync(context: SyncContext): Promise<SyncOutcome> {
  warnOfTrustGivenUp(context);
  if (context.working.current() === undefined) assertHardLinks(context);
  await freezeProduction(context);
  const brought = await bringTree(context);
  context.emit({ type: "sync-completed" });
  context.record({
    action: "sync",
    result: brought.unchanged ? "unchanged" : "done",
    detail: brought.unchanged ? undefined : summaryOf(brought),
  });
  const published = await publishSync(context, brought);
  const { unchanged, fetchedFiles, fetchedBytes, missing } = brought;
  const mirror = context.mirror.id;
  return { kind: "synced", mirror, unchanged, fetchedFiles, fetchedBytes, missing, ...published };
}

const summaryOf = ({ fetchedFiles, fetchedBytes }: BroughtTree): string =>
  `${countOf(fetchedFiles, "file")} fetched (${formatBytes(fetchedBytes)})`;

export function warnOfTrustGivenUp({ mirror, pgpCheck, emit }: LookContext): void {
  if (!pgpCheck) emit({ type: "signatures-unchecked" });
  if (mirror.tls.insecureSkipVerify) emit({ type: "certificates-unchecked" });
}
