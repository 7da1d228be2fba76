import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { requireSnapshot } from "../require-snapshot.ts";

/** Points staging to a snapshot. */
export async function stageSnapshot(context: MirrorContext, name: string): Promise<Snapshot> {
  using _lock = await context.lockSnapshots("snapshot stage");
  const snapshot = requireSnapshot(context, name);
  pointStaging(context, snapshot);
  return snapshot;
}

/**
 * For a caller that holds the lock of snapshots. Staging that leads there already stays as it is, without a line in the
 * history: nobody has to test it again.
 */
export function pointStaging(context: MirrorContext, snapshot: Snapshot): void {
  const before = context.links.read("staging");
  if (before.kind === "snapshot" && before.name === snapshot.name) {
    context.emit({ type: "staging-unchanged", name: snapshot.name });
    return;
  }
  context.emit({ type: "staging-publishing" });
  context.links.pointToSnapshot("staging", snapshot.name);
  context.emit({ type: "staging-updated", name: snapshot.name });
  const from = before.kind === "snapshot" ? before.name : undefined;
  context.record({ action: "stage", result: "done", from, to: snapshot.name });
}
