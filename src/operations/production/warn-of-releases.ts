import type { LinkTarget } from "../../publish/index.ts";
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
  const suites = older.map(({ suite }) => suite);
  context.emit({ type: "release-goes-back", name: to.name, suites });
}

/** A snapshot does not change, so its Release expires for every client once Valid-Until has passed. */
export function warnOfExpiry(context: MirrorContext, snapshot: Snapshot): void {
  for (const { suite, validUntil: text } of snapshot.meta.releases) {
    if (text === undefined) continue;
    const validUntil = new Date(text);
    const leftMs = validUntil.getTime() - context.now().getTime();
    if (leftMs > warnBeforeExpiryMs) continue;
    context.emit({ type: "release-expires", name: snapshot.name, suite, validUntil, leftMs });
  }
}
