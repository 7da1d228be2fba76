import { hasCode } from "../../errors.ts";
import type { Concern } from "../../report/concerns.ts";
import type { SyncState } from "../../store/index.ts";
import type { MirrorContext } from "../context.ts";
import { variantsToAdd } from "../variants-left-out.ts";

/** Architecture variants that the last sync saw upstream, and that the configuration still leaves out. */
export function concernsOfVariants({ mirror, memory }: MirrorContext): readonly Concern[] {
  const leftOut = readState(memory)?.variantsLeftOut ?? [];
  return variantsToAdd(mirror.architectures, leftOut).map((variant) => ({
    kind: "variant-left-out",
    ...variant,
  }));
}

/** The state is in the directory of the history: where this user may read neither, a note says so of the history. */
function readState(memory: MirrorContext["memory"]): SyncState | undefined {
  try {
    return memory.read();
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM")) return undefined;
    throw error;
  }
}
