import type { LinkTarget } from "../../publish/index.ts";
import { formatSpan } from "../../report/units.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { warnBeforeExpiryMs } from "./expiry.ts";

/**
 * apt ignores a Release that is older than the one it holds, without a word: a client that has seen the newer one keeps
 * its lists and asks for packages that the older tree may lack.
 */
export function warnOfOlderRelease(context: MirrorContext, from: LinkTarget, to: Snapshot): void {
  const before = from.kind === "snapshot" ? context.catalog.find(from.name) : undefined;
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
    message: `${to.name} has an older Release than what was in production (${suites}): apt never goes back by itself, so clients that have seen the newer one keep its lists, without an error, until a Release that is newer still is in production\nTo take a client back at once: rm -r /var/lib/apt/lists/* && apt-get update`,
  });
}

/** A snapshot does not change, so its Release expires for every client once Valid-Until has passed. */
export function warnOfExpiry(context: MirrorContext, snapshot: Snapshot): void {
  for (const { suite, validUntil } of snapshot.meta.releases) {
    if (validUntil === undefined) continue;
    const leftMs = new Date(validUntil).getTime() - context.now().getTime();
    if (leftMs > warnBeforeExpiryMs) continue;
    const when = leftMs > 0 ? `expires in ${formatSpan(leftMs)}` : `has expired (Valid-Until ${validUntil})`;
    const message = `${snapshot.name}: the Release of ${suite} ${when}; clients then refuse it`;
    context.emit({ type: "warning", message });
  }
}
