import { type Comparison, compareWithProduction } from "../diff/index.ts";
import { isThere } from "../production/index.ts";
import type { PromotionMove } from "./promotion-move.ts";

/** Says what each move will change, before it happens: counts, CVEs, removals and downgrades. */
export async function tellChanges(moves: readonly PromotionMove[]): Promise<void> {
  for (const move of moves) {
    const found = await findChanges(move, { record: true });
    const { ports, snapshot } = move;
    if (found !== undefined) ports.emit({ type: "promotion-changes", name: snapshot.name, ...found });
  }
}

/** Undefined if the move changes nothing, if production shows no snapshot, or if they cannot be compared. */
export const findChanges = async (
  move: PromotionMove,
  options: Parameters<typeof compareWithProduction>[2],
): Promise<Comparison | undefined> =>
  isThere(move) ? undefined : await compareWithProduction(move.ports, move.snapshot, options);
