import { MirrorctlError } from "../../errors.ts";
import { type KnownDamage, knownDamage } from "../../history/index.ts";
import { messageOf } from "../../report/errors.ts";
import type { DamageFacts } from "../../report/words/damage.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { readHistory } from "./read-history.ts";

export const factsOf = ({ at, who, files, paths, faults }: KnownDamage): DamageFacts => ({
  at,
  by: who,
  files,
  paths,
  faults,
});

/**
 * Returns the trees of a mirror that earlier checks found damaged, by name. Empty if this user cannot read the history. A
 * damaged history is a warning, so that trees can still be checked.
 */
export async function readKnownDamage(
  context: Pick<MirrorContext, "history" | "mirror" | "emit">,
): Promise<ReadonlyMap<string, KnownDamage>> {
  try {
    const entries = await readHistory(context);
    return "unreadable" in entries ? new Map() : knownDamage(entries, workingMirrorName);
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    context.emit({ type: "history-unreadable", reason: messageOf(error) });
    return new Map();
  }
}
