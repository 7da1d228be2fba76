import { FlushError } from "../../platform/flushing/flush-error.ts";
import { freeSpace } from "../snapshots/index.ts";
import { removeLeftovers } from "./make-generation.ts";
import type { SyncContext } from "./sync-context.ts";

/**
 * Does the work. If a flush fails meanwhile, removes what it has stored and no name shows. The kernel reports a lost write
 * once, and the pages that it could not write stay in memory as if they were on the disk: a later run that links these files
 * could not tell that they are not whole.
 */
export async function givingUpLost<Result>(
  context: Pick<SyncContext, "working" | "layout" | "sweep" | "emit">,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FlushError) {
      await removeLeftovers(context);
      await freeSpace(context);
    }
    throw error;
  }
}
