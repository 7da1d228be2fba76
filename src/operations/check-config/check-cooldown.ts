import { isExempt } from "../../gates/index.ts";
import { ifAllowed } from "../../platform/look.ts";
import type { ConfigRemark } from "../../report/words/config-remarks.ts";
import { readReleases } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

/**
 * Finds cooldowns that nothing may survive: the snapshots are pruned before they are old enough, or their Releases have
 * expired by then. How often a mirror is synced is not known; most are once a day.
 */
export function remarksOnCooldown({ mirror, working }: Ports<"mirror" | "working">): readonly ConfigRemark[] {
  const cooldown = mirror.criteria.find((criterion) => criterion.gate === "min_package_age");
  if (cooldown === undefined || isExempt(cooldown.exempt, "mirror", mirror.id)) return [];
  const { id, snapshot } = mirror;
  const { keepLast, keepWithinMs = 0 } = snapshot.prune;
  const { ageMs } = cooldown;
  const keptMs = Math.max(keepWithinMs, (keepLast - 1) * dayMs);
  const remarks: ConfigRemark[] = [];
  if (mirror.snapshotEachSync && keptMs < ageMs)
    remarks.push({ kind: "cooldown-outlasts-snapshots", mirror: id, ageMs, keptMs });
  const tree = ifAllowed(() => working.current());
  const releases = tree === undefined ? [] : readReleases(tree.path, mirror.suites);
  for (const { suite, date, validUntil } of releases) {
    if (date === undefined || validUntil === undefined) continue;
    const validMs = Date.parse(validUntil) - Date.parse(date);
    if (validMs <= ageMs)
      remarks.push({ kind: "cooldown-outlasts-release", mirror: id, suite, ageMs, validMs });
  }
  return remarks;
}

const dayMs = 24 * 3_600_000;
