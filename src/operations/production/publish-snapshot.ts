import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { requireSnapshot } from "../require-snapshot.ts";
import { carryProductionIfRoom } from "./carry.ts";
import { moveProduction, type ProductionChange, planMove } from "./move-production.ts";

/** Points production to a snapshot without staging. */
export async function publishSnapshot(
  context: MirrorContext,
  name: string,
  reason: string | undefined,
): Promise<Snapshot> {
  using _lock = await context.lockSnapshots("snapshot publish");
  const snapshot = requireSnapshot(context, name);
  context.emit({ type: "publication-started", name });
  pointProduction(context, snapshot, { action: "publish", reason, detail: "staging bypassed" });
  return snapshot;
}

/** For a caller that holds the lock of snapshots. */
export function pointProduction(context: MirrorContext, snapshot: Snapshot, change: ProductionChange): void {
  carryProductionIfRoom(context, snapshot);
  moveProduction([planMove(context, snapshot)], change);
}
