import { primaryCodeOf, SQLITE_BUSY } from "../../platform/locks/sqlite-errors.ts";

/** How a history waits while others use its file. */
export interface Patience {
  /** Waits; rejects with the signal's reason once it is aborted. */
  readonly pause: (waitMs: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A commit takes as long as the disk needs to flush two files. */
const waitMaxMs = 5_000;

const pauseMs = 20;

/**
 * Tries `work`, a whole transaction, until no other connection keeps it from the file. Other runs in this process go on
 * meanwhile. Rejects with SQLite's own error in the end.
 */
export async function whenFree<Value>(work: () => Value, { pause, signal }: Patience): Promise<Value> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      return work();
    } catch (error) {
      if (primaryCodeOf(error) !== SQLITE_BUSY || waitedMs >= waitMaxMs) throw error;
    }
    await pause(pauseMs, signal);
  }
}
