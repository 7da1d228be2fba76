import type { HistoryEntry } from "../../history/index.ts";
import { goneText } from "../../report/words/when-and-why.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { findSubstitutes, type Predecessor } from "./predecessors.ts";

export function nothingInProduction(id: string, predecessors: readonly Predecessor[]): SnapshotError {
  const last = predecessors.find(({ snapshot }) => snapshot !== undefined);
  return new SnapshotError("NOTHING_IN_PRODUCTION", `${id} has no snapshot in production to roll back from`, {
    hint:
      last === undefined
        ? `Promote what is staged, or publish one: mirrorctl snapshot publish ${id} NAME`
        : `The last one that was in production and still exists: mirrorctl snapshot publish ${id} ${last.name}`,
  });
}

/** For the case that no predecessor exists any longer: says what happened to them, and which snapshot there is instead. */
export async function noPredecessor(
  { mirror: { id }, catalog }: Ports<"mirror" | "catalog">,
  present: string,
  gone: readonly Predecessor[],
  entries: readonly HistoryEntry[],
): Promise<SnapshotError> {
  const [nearest, ...others] = gone;
  const more = others.length === 0 ? "" : "\nWhat was in production before that is gone too";
  const message =
    nearest === undefined
      ? `${id}: nothing is known to have been in production before ${present}`
      : `${id}: ${nearest.name}, which was in production before ${present}, ${goneText(nearest.deletion)}${more}`;
  return new SnapshotError("NO_PREDECESSOR", message, {
    facts: { deleted: gone.map(({ name }) => name) },
    hint: substituteHint(id, (await findSubstitutes({ catalog }, present, entries))[0]),
  });
}

const substituteHint = (id: string, substitute: Snapshot | undefined): string =>
  substitute === undefined
    ? `No other snapshot of ${id} is older. "mirrorctl snapshot list ${id}" shows what there is; to go to one of them: mirrorctl snapshot rollback ${id} --to NAME`
    : `The newest snapshot that is older: mirrorctl snapshot rollback ${id} --to ${substitute.name}`;
