import { MirrorctlError } from "../../errors.ts";
import { type HistoryEntry, knownDamage } from "../../history/index.ts";
import { objectionText, type PromotionObjection } from "../../report/words/objections.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { Ports } from "../context.ts";
import { factsOf, historyOrProblem } from "../history/index.ts";
import { findTakenOut } from "../production/index.ts";

/** A promotion was refused. Production stays as it is. */
export class PromotionError extends MirrorctlError<
  "PROMOTION_REFUSED" | "PROMOTION_DECLINED" | "STAGED_CHANGED"
> {
  override readonly area = "gate";
}

type ObjectionPorts = Ports<"mirror" | "catalog" | "history">;

/**
 * Returns every reason that the history gives not to promote the snapshot. A promotion asks twice, the second time under
 * the lock, since another run may have written a line: this must stay fast. Whatever reads the tree or waits is a test in
 * `promotion-tests.ts`. A new kind of objection is a member of the union in `report/words/objections.ts`, with its words.
 */
export async function findObjections(
  ports: ObjectionPorts,
  snapshot: Snapshot,
): Promise<readonly PromotionObjection[]> {
  const history = await historyOrProblem(ports);
  if ("problem" in history) return [{ kind: "history-unreadable", problem: history.problem }];
  const { entries } = history;
  return [...(await rolledBack(ports, entries, snapshot)), ...damaged(ports, entries, snapshot)];
}

async function rolledBack(
  { catalog }: ObjectionPorts,
  entries: readonly HistoryEntry[],
  snapshot: Snapshot,
): Promise<readonly PromotionObjection[]> {
  const taken = (await findTakenOut({ catalog }, entries))(snapshot);
  if (taken?.how !== "rolled-back") return [];
  const { at, by, reason, name } = taken;
  return [{ kind: "rolled-back", at, by, reason, as: name === snapshot.name ? undefined : name }];
}

function damaged(
  { mirror }: ObjectionPorts,
  entries: readonly HistoryEntry[],
  { name }: Snapshot,
): readonly PromotionObjection[] {
  const damage = knownDamage(entries, workingMirrorName).get(name);
  return damage === undefined ? [] : [{ kind: "damaged", mirror: mirror.id, name, ...factsOf(damage) }];
}

/** Refuses everything that has an objection, in one error. */
export function refuseObjectedTo(
  found: readonly {
    readonly ports: Ports<"mirror">;
    readonly snapshot: Snapshot;
    readonly objections: readonly PromotionObjection[];
  }[],
): void {
  const lines = found.flatMap(({ ports, snapshot, objections }) =>
    objections.map((objection) => `${ports.mirror.id}: ${snapshot.name} ${objectionText(objection)}`),
  );
  if (lines.length === 0) return;
  throw new PromotionError("PROMOTION_REFUSED", lines.join("\n"), {
    facts: { snapshots: found.map(({ ports, snapshot }) => `${ports.mirror.id}/${snapshot.name}`) },
    hint: 'Nothing was promoted. Stage another snapshot, or override this with --force --reason "WHY".',
  });
}
