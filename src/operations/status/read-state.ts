import { hasCode } from "../../errors.ts";
import type { SyncState } from "../../store/index.ts";
import type { Ports } from "../context.ts";

/** Reads the state of the last sync; undefined if this user may not. A note about the history, beside it, says so. */
export function readState({ memory }: Ports<"memory">): SyncState | undefined {
  try {
    return memory.read();
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM")) return undefined;
    throw error;
  }
}
