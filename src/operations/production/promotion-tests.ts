import type { PromotionObjection } from "../../report/words/objections.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { ProductionMove, ProductionPorts } from "./production-move.ts";
import { isThere } from "./production-move.ts";

/** Examines a staged snapshot: reads its tree, or asks another program. Returns every reason not to promote it. */
export type PromotionTest = (
  ports: ProductionPorts,
  snapshot: Snapshot,
) => Promise<readonly PromotionObjection[]>;

/**
 * The tests of every promotion. Each is run once, without a lock, so that it may take hours: under the lock, the snapshot
 * only has to be the same one. Its objections are members of the union in `report/words/objections.ts`.
 */
export const promotionTests: readonly PromotionTest[] = [];

/** Adds the objections of all tests. What production shows already is not tested. */
export async function testCandidate(
  move: ProductionMove,
  tests: readonly PromotionTest[],
): Promise<ProductionMove> {
  if (isThere(move)) return move;
  const found = await Promise.all(tests.map((test) => test(move.ports, move.snapshot)));
  return { ...move, objections: found.flat() };
}
