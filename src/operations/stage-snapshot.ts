import type { Snapshot } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";

/** Points staging to a snapshot. */
export function stageSnapshot(context: MirrorContext, name: string): Snapshot {
  using _lock = context.lockSnapshots("snapshot stage");
  const snapshot = context.catalog.require(name);
  pointStaging(context, snapshot);
  return snapshot;
}

/** For a caller that holds the lock of snapshots. */
export function pointStaging(context: MirrorContext, snapshot: Snapshot): void {
  context.emit({ type: "staging-publishing" });
  const before = context.links.read("staging");
  context.links.pointToSnapshot("staging", snapshot.name);
  context.emit({ type: "staging-updated", name: snapshot.name });
  const from = before.kind === "snapshot" ? before.name : undefined;
  context.record({ action: "stage", result: "done", from, to: snapshot.name });
}
