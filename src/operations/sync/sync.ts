import { messageOf } from "../../report/errors.ts";
import type { MirrorContext } from "../context.ts";
import { bringTree } from "./bring-tree.ts";
import { estimate, type SyncEstimate } from "./estimate.ts";
import { freezeProduction, publishSync } from "./publish-sync.ts";
import { type SyncContext, type SyncOptions, type SyncPorts, startSync } from "./sync-context.ts";

export type SyncOutcome =
  | {
      readonly kind: "synced";
      readonly mirror: string;
      /** Nothing was new upstream. */
      readonly unchanged: boolean;
      readonly fetchedFiles: number;
      readonly fetchedBytes: number;
      readonly snapshot: string | undefined;
      readonly staged: boolean;
    }
  | ({ readonly kind: "estimated"; readonly mirror: string } & SyncEstimate)
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
  mirror.emit({ type: "sync-started" });
  try {
    using _lock = mirror.lockWorkingMirror("sync");
    const context = startSync(mirror, await openPorts(), options);
    return options.dryRun ? await dryRun(context) : await sync(context);
  } catch (error) {
    mirror.emit({ type: "sync-failed", error });
    if (!options.dryRun) mirror.record({ action: "sync", result: "failed", detail: messageOf(error) });
    return { kind: "failed", mirror: mirror.mirror.id, error };
  }
}

async function sync(context: SyncContext): Promise<SyncOutcome> {
  warnOfTrustGivenUp(context);
  await freezeProduction(context);
  const brought = await bringTree(context);
  context.emit({ type: "sync-completed" });
  context.record({
    action: "sync",
    result: brought.unchanged ? "unchanged" : "done",
    detail: brought.summary,
  });
  const published = await publishSync(context);
  const { unchanged, fetchedFiles, fetchedBytes } = brought;
  return { kind: "synced", mirror: context.mirror.id, unchanged, fetchedFiles, fetchedBytes, ...published };
}

function warnOfTrustGivenUp({ mirror, pgpCheck, emit }: SyncContext): void {
  if (!pgpCheck)
    emit({ type: "warning", message: `${mirror.id}: signatures are not checked (no_pgp_check)` });
  if (!mirror.tls.insecureSkipVerify) return;
  emit({ type: "warning", message: `${mirror.id}: certificates are not checked (insecure_skip_verify)` });
}

async function dryRun(context: SyncContext): Promise<SyncOutcome> {
  warnOfTrustGivenUp(context);
  context.emit({ type: "dry-run-started" });
  const estimated = await estimate(context);
  context.emit({ type: "disk-space-estimated", ...estimated });
  return { kind: "estimated", mirror: context.mirror.id, ...estimated };
}
