import { refuses } from "../../gates/index.ts";
import type { PromotionObjection } from "../../report/words/objections.ts";
import type { testSnapshot } from "../gates/index.ts";
import { isThere } from "../production/index.ts";
import type { PromotionMove } from "./promotion-move.ts";

/**
 * Runs the gates of the mirror on a snapshot that is about to be promoted, and adds an objection for each that keeps it
 * out. No lock is held, since gates may take long. What production shows already is not tested.
 */
export async function testCandidate(move: PromotionMove, test: typeof testSnapshot): Promise<PromotionMove> {
  if (isThere(move)) return move;
  const { ports, snapshot } = move;
  const { mirror, results } = await test(ports, snapshot);
  const objections = results
    .filter(({ verdict }) => refuses(verdict.kind))
    .map((result): PromotionObjection => ({ kind: "gate", mirror, name: snapshot.name, result }));
  return { ...move, objections };
}
