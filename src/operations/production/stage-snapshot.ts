import type { Snapshot } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { type ComparisonPorts, compareWithProduction } from "../diff/index.ts";
import { requireSnapshot } from "../trees/index.ts";

type StagingPorts = Ports<"publisher" | "signal" | "emit" | "record">;

/** Makes staging show a snapshot. Then, without a lock, compares it with production, so that `status` knows. */
export async function stageSnapshot(
  ports: StagingPorts & ComparisonPorts & Ports<"lockSnapshots">,
  name: string,
): Promise<Snapshot> {
  const snapshot = await stageNamed(ports, name);
  await compareWithProduction(ports, snapshot, { record: true });
  return snapshot;
}

async function stageNamed(
  ports: StagingPorts & Ports<"catalog" | "mirror" | "history" | "lockSnapshots">,
  name: string,
): Promise<Snapshot> {
  using _lock = await ports.lockSnapshots("snapshot stage");
  const snapshot = await requireSnapshot(ports, name);
  await showInStaging(ports, snapshot);
  return snapshot;
}

/**
 * For a caller that holds the lock of snapshots. If staging shows the snapshot already, nothing is recorded: nobody has to
 * test it again.
 */
export async function showInStaging(
  { publisher, signal, emit, record }: StagingPorts,
  { name }: Snapshot,
): Promise<void> {
  const before = await publisher.read("staging");
  if (before.kind === "snapshot" && before.name === name) {
    emit({ type: "staging-unchanged", name });
    return;
  }
  emit({ type: "staging-publishing" });
  await publisher.show("staging", { kind: "snapshot", name }, "nothing", signal);
  emit({ type: "staging-updated", name });
  const from = before.kind === "snapshot" ? before.name : undefined;
  await record({ action: "stage", result: "done", from, to: name });
}
