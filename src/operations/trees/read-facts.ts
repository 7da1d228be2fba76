import type { TreeFacts } from "../../contents/index.ts";
import { hasCode } from "../../errors.ts";
import type { Ports } from "../context.ts";

/** Returns the facts of a generation; undefined if nobody recorded them, or if this user may not read the state. */
export function readFactsOf({ memory }: Ports<"memory">, generation: string): TreeFacts | undefined {
  try {
    const state = memory.read();
    return state?.generation === generation ? state.facts : undefined;
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM")) return undefined;
    throw error;
  }
}
