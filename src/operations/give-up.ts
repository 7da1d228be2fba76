import type { FlushError } from "../platform/flushing/flush-error.ts";
import { messageOf } from "../report/errors.ts";

/**
 * Removes what a disk may have lost. Throws the loss if that fails: often the file system is read-only by now, and the loss
 * is what the run has to report.
 */
export async function giveUp(loss: FlushError, remove: () => Promise<void> | void): Promise<void> {
  try {
    await remove();
  } catch (error) {
    throw loss.with(`What was stored cannot be removed: ${messageOf(error)}`);
  }
}
