import type { Shown } from "../../publish/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import { warnBeforeExpiryMs } from "../../trust/index.ts";
import type { Ports } from "../context.ts";

/**
 * Warns if the next snapshot has an older Release than the present one. apt ignores it without a word: a client that has
 * seen the newer one keeps its lists, and asks for packages that the older tree may lack.
 */
export async function warnOfOlderRelease(
  { catalog, emit }: Ports<"catalog" | "emit">,
  from: Shown,
  to: Snapshot,
): Promise<void> {
  const before = from.kind === "snapshot" ? await catalog.find(from.name) : undefined;
  if (before === undefined) return;
  const datesBefore = new Map(before.meta.releases.map(({ suite, date }) => [suite, date]));
  const older = to.meta.releases.filter(({ suite, date }) => {
    const dateBefore = datesBefore.get(suite);
    return date !== undefined && dateBefore !== undefined && date < dateBefore;
  });
  if (older.length === 0) return;
  emit({ type: "release-goes-back", name: to.name, suites: older.map(({ suite }) => suite) });
}

/** Warns of a Release that expires soon. A snapshot never changes: every client refuses it once Valid-Until has passed. */
export function warnOfExpiry({ now, emit }: Ports<"now" | "emit">, snapshot: Snapshot): void {
  for (const { suite, validUntil: text } of snapshot.meta.releases) {
    if (text === undefined) continue;
    const validUntil = new Date(text);
    const leftMs = validUntil.getTime() - now().getTime();
    if (leftMs > warnBeforeExpiryMs) continue;
    emit({ type: "release-expires", name: snapshot.name, suite, validUntil, leftMs });
  }
}
