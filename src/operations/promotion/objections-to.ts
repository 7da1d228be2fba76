import type { Snapshot } from "../../snapshot/index.ts";
import type { testSnapshot } from "../gates/index.ts";
import { isThere, planMove } from "../production/index.ts";
import type { PromotionMove, PromotionPorts } from "./promotion-move.ts";
import { findObjections } from "./promotion-objections.ts";
import { testCandidates } from "./promotion-tests.ts";

/** Returns the objections of the history to a snapshot or, without any, those of the gates. */
export async function objectionsTo(
  ports: PromotionPorts,
  snapshot: Snapshot,
  test: typeof testSnapshot,
): Promise<PromotionMove["objections"]> {
  const move = await withObjections(await planMove(ports, snapshot));
  if (move.objections.length > 0) return move.objections;
  return (await testCandidates([move], test)).flatMap(({ objections }) => objections);
}

/** Adds the objections of the history. What production shows already has none. */
export async function withObjections(move: PromotionMove): Promise<PromotionMove> {
  const { ports, snapshot, objections } = move;
  if (isThere(move)) return { ...move, objections: [] };
  return { ...move, objections: [...objections, ...(await findObjections(ports, snapshot))] };
}
