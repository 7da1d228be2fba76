import { FlushError } from "../../platform/flushing/flush-error.ts";
import { lossOf } from "../../platform/flushing/flush-file-systems.ts";
import { giveUp } from "../give-up.ts";
import { freeSpace } from "../snapshots/index.ts";
import { removeLeftovers } from "./make-generation.ts";
import type { SyncContext } from "./sync-context.ts";

type GiveUpPorts = Pick<SyncContext, "working" | "layout" | "sweep" | "signal" | "emit">;

/**
 * Does the work. If a flush fails meanwhile, removes what it has stored and no name shows. The kernel reports a lost write
 * once, and the pages that it could not write stay in memory as if they were on the disk: a later run that links these files
 * could not tell that they are not whole. The lost bytes may be those of a mirror whose sync fails for another reason, before
 * it flushes anything itself.
 */
export async function givingUpLost<Result>(
  context: GiveUpPorts,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const loss = error instanceof FlushError ? error : lossOf(context.layout.dir, context.signal);
    if (loss !== undefined) await giveUp(loss, () => removeStored(context));
    throw error;
  }
}

async function removeStored(context: GiveUpPorts): Promise<void> {
  await removeLeftovers(context);
  await freeSpace(context);
}
