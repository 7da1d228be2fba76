import { MirrorctlError } from "../../errors.ts";
import { type HistoryEntry, knownDamage } from "../../history/index.ts";
import { objectionText, type PromotionObjection } from "../../report/words/objections.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { factsOf, historyOrProblem } from "../history/index.ts";
import { workingMirrorName } from "../working-mirror-name.ts";
import { findTakenOut } from "./taken-out.ts";

/** A snapshot was refused as production, which stays as it is. */
class PromotionError extends MirrorctlError<"PROMOTION_REFUSED"> {
  override readonly area = "gate";
}

/**
 * Returns every reason not to promote the snapshot, for a caller that holds the lock of snapshots and has settled what
 * was cut off. A new kind of objection gets a line here, a member of the union, and its words in `report/words/objections.ts`.
 */
export function findObjections(context: MirrorContext, snapshot: Snapshot): readonly PromotionObjection[] {
  const history = historyOrProblem(context);
  // What it would object to is not known.
  if ("problem" in history) return [{ kind: "history-unreadable", problem: history.problem }];
  const { entries } = history;
  return [...rolledBack(context, entries, snapshot), ...damaged(context, entries, snapshot)];
}

function rolledBack(
  context: MirrorContext,
  entries: readonly HistoryEntry[],
  snapshot: Snapshot,
): readonly PromotionObjection[] {
  const taken = findTakenOut(context, entries)(snapshot);
  if (taken?.how !== "rolled-back") return [];
  const { at, by, reason, name } = taken;
  return [{ kind: "rolled-back", at, by, reason, as: name === snapshot.name ? undefined : name }];
}

function damaged(
  { mirror }: MirrorContext,
  entries: readonly HistoryEntry[],
  { name }: Snapshot,
): readonly PromotionObjection[] {
  const damage = knownDamage(entries, workingMirrorName).get(name);
  return damage === undefined ? [] : [{ kind: "damaged", mirror: mirror.id, name, ...factsOf(damage) }];
}

/** Refuses all that is objected to, in one error. */
export function refuseObjectedTo(
  found: readonly {
    readonly context: MirrorContext;
    readonly snapshot: Snapshot;
    readonly objections: readonly PromotionObjection[];
  }[],
): void {
  const lines = found.flatMap(({ context, snapshot, objections }) =>
    objections.map((objection) => `${context.mirror.id}: ${snapshot.name} ${objectionText(objection)}`),
  );
  if (lines.length === 0) return;
  throw new PromotionError("PROMOTION_REFUSED", lines.join("\n"), {
    facts: { snapshots: found.map(({ context, snapshot }) => `${context.mirror.id}/${snapshot.name}`) },
    hint: 'Nothing was promoted. Stage another snapshot, or override this with --force --reason "WHY".',
  });
}
