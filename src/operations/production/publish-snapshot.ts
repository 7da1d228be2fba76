import type { Snapshot } from "../../snapshot/index.ts";
import { requireSnapshot } from "../trees/index.ts";
import { moveProduction } from "./move-production.ts";
import { type ProductionChange, type ProductionPorts, planMove } from "./production-move.ts";

/** Makes production show a snapshot, without staging, gates and objections. */
export async function publishSnapshot(
  ports: ProductionPorts,
  name: string,
  reason: string | undefined,
): Promise<Snapshot> {
  using _lock = await ports.lockSnapshots("snapshot publish");
  const snapshot = await requireSnapshot(ports, name);
  ports.emit({ type: "publication-started", name });
  await showInProduction(ports, snapshot, {
    action: "publish",
    reason,
    detail: "staging and gates bypassed",
  });
  return snapshot;
}

/** For a caller that holds the lock of snapshots. */
export async function showInProduction(
  ports: ProductionPorts,
  snapshot: Snapshot,
  change: ProductionChange,
): Promise<void> {
  await moveProduction([await planMove(ports, snapshot)], change);
}
