import type { HistoryAction } from "../history/index.ts";
import { formatSpan } from "../report/units.ts";
import type { Snapshot } from "../snapshot/index.ts";
import { carryProductionIfRoom } from "./carry.ts";
import type { MirrorContext } from "./context.ts";
import { warnBeforeExpiryMs } from "./expiry.ts";

/** Points production to a snapshot without staging and without gates. */
export function publishSnapshot(context: MirrorContext, name: string, reason: string | undefined): Snapshot {
  using _lock = context.lockSnapshots("snapshot publish");
  const snapshot = context.catalog.require(name);
  context.emit({ type: "publication-started", name });
  pointProduction(context, snapshot, { action: "publish", reason, detail: "gates bypassed" });
  return snapshot;
}

export interface ProductionChange {
  readonly action: Extract<HistoryAction, "publish" | "promote" | "rollback">;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
}

/** For a caller that holds the lock of snapshots. */
export function pointProduction(context: MirrorContext, snapshot: Snapshot, change: ProductionChange): void {
  const from = nameInProduction(context);
  carryProductionIfRoom(context, snapshot);
  moveProduction(context, snapshot);
  context.record({ ...change, result: "done", from, to: snapshot.name });
}

/** The move alone, for a caller that records it once everything that belongs to it is done. */
export function moveProduction(context: MirrorContext, snapshot: Snapshot): void {
  warnOfOlderRelease(context, nameInProduction(context), snapshot);
  warnOfExpiry(context, snapshot);
  context.links.pointToSnapshot("production", snapshot.name);
  context.emit({ type: "production-updated", name: snapshot.name });
}

/** The snapshot that production shows; undefined where it shows none. */
export function nameInProduction(context: MirrorContext): string | undefined {
  const target = context.links.read("production");
  return target.kind === "snapshot" ? target.name : undefined;
}

/**
 * apt ignores a Release that is older than the one it holds, without a word: a client that has seen the newer one keeps
 * its lists and asks for packages that the older tree may lack.
 */
function warnOfOlderRelease(context: MirrorContext, from: string | undefined, to: Snapshot): void {
  const before = from === undefined ? undefined : context.catalog.find(from);
  if (before === undefined) return;
  const datesBefore = new Map(before.meta.releases.map(({ suite, date }) => [suite, date]));
  const older = to.meta.releases.filter(({ suite, date }) => {
    const dateBefore = datesBefore.get(suite);
    return date !== undefined && dateBefore !== undefined && date < dateBefore;
  });
  if (older.length === 0) return;
  const suites = older.map(({ suite }) => suite).join(", ");
  context.emit({
    type: "warning",
    message: `${to.name} has an older Release than what was in production (${suites}): clients that have seen the newer one keep its lists until upstream's next`,
  });
}

/** A snapshot does not change, so its Release expires for every client once Valid-Until has passed. */
function warnOfExpiry(context: MirrorContext, snapshot: Snapshot): void {
  for (const { suite, validUntil } of snapshot.meta.releases) {
    if (validUntil === undefined) continue;
    const leftMs = new Date(validUntil).getTime() - context.now().getTime();
    if (leftMs > warnBeforeExpiryMs) continue;
    const when = leftMs > 0 ? `expires in ${formatSpan(leftMs)}` : `has expired (Valid-Until ${validUntil})`;
    const message = `${snapshot.name}: the Release of ${suite} ${when}; clients then refuse it`;
    context.emit({ type: "warning", message });
  }
}
