import { type Lock, LockError } from "../../platform/locks/lock.ts";
import type { SyncContext } from "./sync-context.ts";

const attemptsMax = 30;
const pauseMs = 1_000;

/**
 * Takes the lock of snapshots and links at the end of a sync. A prune may hold it for some seconds, for which hours of
 * fetching are not to end in failure; other mirrors go on meanwhile.
 */
export async function waitForSnapshots(
  context: Pick<SyncContext, "lockSnapshots" | "pause" | "signal">,
): Promise<Lock> {
  for (let attempt = 1; ; attempt++) {
    try {
      return context.lockSnapshots("sync");
    } catch (error) {
      if (!(error instanceof LockError) || attempt === attemptsMax) throw error;
      await context.pause(pauseMs, context.signal);
    }
  }
}
