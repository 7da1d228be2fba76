import type { MirrorEvent } from "../events.ts";
import { type Transfer, Transfers } from "../transfers.ts";

/** How far a mirror is, for programs that watch a run. */
export type ProgressReport = Omit<Transfer, "startedAt"> & {
  readonly type: "progress";
  readonly elapsedMs: number;
};

const everyMs = 1000;

/** Returns what follows the events of a run: it reports at most once a second for each mirror, and at the end of a transfer. */
export function progressFollower(
  now: () => Date,
  report: (progress: ProgressReport) => void,
): (event: MirrorEvent) => void {
  const transfers = new Transfers();
  const reportedAtMs = new Map<string, number>();
  return (event) => {
    const at = now();
    const followed = transfers.follow(event, at);
    if (followed === undefined) return;
    const { transfer, change } = followed;
    const { startedAt, ...progress } = transfer;
    const lastMs = reportedAtMs.get(transfer.mirror) ?? 0;
    const isDue = change === "ends" || (change === "goes-on" && at.getTime() - lastMs >= everyMs);
    if (isDue) report({ type: "progress", ...progress, elapsedMs: at.getTime() - startedAt.getTime() });
    if (isDue || change === "begins") reportedAtMs.set(transfer.mirror, at.getTime());
  };
}
