import { hasCode } from "../../errors.ts";
import type { SyncState } from "../../store/index.ts";
import type { MirrorContext } from "../context.ts";

/** The state is in the directory of the history: where this user may read neither, a note says so of the history. */
export function readState({ memory }: Pick<MirrorContext, "memory">): SyncState | undefined {
  try {
    return memory.read();
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM")) return undefined;
    throw error;
  }
}
