import type { SnapshotTest } from "../../gates/index.ts";
import type { PromotionObjection } from "../../report/words/objections.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { Comparison } from "../diff/index.ts";
import { testSnapshot } from "../gates/index.ts";
import { isThere, planMove } from "../production/index.ts";
import { objectionsTo, withObjections } from "./objections-to.ts";
import { chooseByAge } from "./old-enough.ts";
import type { PromoteOptions } from "./promote-snapshots.ts";
import { requireCandidate } from "./promotion-candidate.ts";
import type { PromotionMove, PromotionPorts } from "./promotion-move.ts";
import { testCandidates } from "./promotion-tests.ts";
import { findChanges } from "./tell-changes.ts";

/** What a promotion would do with one mirror, and everything that would keep it from doing so. */
export interface PromotionPreview {
  readonly mirror: string;
  readonly snapshot: string;
  /** Production shows it already. */
  readonly isThere: boolean;
  readonly comparison: Comparison | undefined;
  /** Undefined if no gates would run: production shows it already, or the history objects. */
  readonly test: SnapshotTest | undefined;
  readonly objections: readonly PromotionObjection[];
}

/** Returns what a promotion would do. Runs the gates, takes no lock and changes nothing: results are not kept. */
export async function previewPromotion(
  all: readonly PromotionPorts[],
  { snapshot: name, newestOlderThanMs: leastAgeMs }: Pick<PromoteOptions, "snapshot" | "newestOlderThanMs">,
): Promise<readonly PromotionPreview[]> {
  const tests = new Map<string, SnapshotTest>();
  const test: typeof testSnapshot = async (ports, snapshot, options) => {
    const found = await testSnapshot(ports, snapshot, { ...options, keep: false });
    tests.set(ports.mirror.id, found);
    return found;
  };
  const mirrors = all.map(withoutCache);
  const objections = (ports: PromotionPorts, one: Snapshot) => objectionsTo(ports, one, test);
  const chosen = leastAgeMs === undefined ? [] : await chooseByAge(mirrors, leastAgeMs, objections);
  const moves: PromotionMove[] = [];
  for (const [index, ports] of mirrors.entries()) {
    const snapshot = chosen[index] ?? (await requireCandidate(ports, name));
    await ports.publisher.assertAvailable("production");
    moves.push(await withObjections(await planMove(ports, snapshot)));
  }
  const isRefused = moves.some((move) => move.objections.length > 0); // then no gate would run
  const tested = isRefused ? moves : await testCandidates(moves, test);
  const previews: PromotionPreview[] = [];
  for (const move of tested)
    previews.push({
      mirror: move.ports.mirror.id,
      snapshot: move.snapshot.name,
      isThere: isThere(move),
      comparison: await findChanges(move, { record: false }),
      test: isThere(move) ? undefined : tests.get(move.ports.mirror.id),
      objections: move.objections,
    });
  return previews;
}

/** Changelogs are read from the cache, and not added to it. */
const withoutCache = (ports: PromotionPorts): PromotionPorts => ({
  ...ports,
  changelogCache: { read: (deb) => ports.changelogCache.read(deb), write: () => undefined },
});
