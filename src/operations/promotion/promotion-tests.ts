import { refuses } from "../../gates/index.ts";
import type { PromotionObjection } from "../../report/words/objections.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import type { testSnapshot } from "../gates/index.ts";
import { isThere } from "../production/index.ts";
import type { PromotionMove } from "./promotion-move.ts";

/**
 * Runs the gates of each mirror on the snapshot that is about to be promoted, one mirror after the other: each test may
 * need much memory. Adds an objection for each gate that keeps a snapshot out. No lock is held, since gates may take long.
 */
export async function testCandidates(
  moves: readonly PromotionMove[],
  test: typeof testSnapshot,
): Promise<readonly PromotionMove[]> {
  const together = new Map(moves.map(({ ports, snapshot }) => [ports.mirror.id, snapshot]));
  const tested: PromotionMove[] = [];
  for (const move of moves) tested.push(await testCandidate(move, together, test));
  return tested;
}

/** What production shows already is not tested. */
async function testCandidate(
  move: PromotionMove,
  together: ReadonlyMap<string, Snapshot>,
  test: typeof testSnapshot,
): Promise<PromotionMove> {
  if (isThere(move)) return move;
  const { ports, snapshot } = move;
  const { mirror, results } = await test(ports, snapshot, { together });
  const objections = results
    .filter(({ verdict }) => refuses(verdict.kind))
    .map((result): PromotionObjection => ({ kind: "gate", mirror, name: snapshot.name, result }));
  return { ...move, objections };
}
