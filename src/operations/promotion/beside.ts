import { isDeepStrictEqual } from "node:util";
import { othersOf } from "../../gates/index.ts";
import type { Shown } from "../../publish/index.ts";
import type { Ports } from "../context.ts";
import { contentsInProduction } from "../gates/index.ts";
import { movedBeside } from "./promotion-candidate.ts";
import type { PromotionMove } from "./promotion-move.ts";

/** What production of another mirror shows, from which machines of the moving one install too. */
interface ShownBeside {
  readonly move: PromotionMove;
  readonly other: Ports<"mirror" | "catalog" | "publisher" | "working">;
  readonly shown: Shown;
  /** The working mirror and a replaced snapshot keep their name, and have other contents. */
  readonly contents: string;
}

/** Reads what gates are about to see of mirrors that do not move themselves. */
export async function readBeside(moves: readonly PromotionMove[]): Promise<readonly ShownBeside[]> {
  const moving = new Set(moves.map(({ ports }) => ports.mirror.id));
  const beside: ShownBeside[] = [];
  for (const move of moves) {
    const others = new Set(move.ports.mirror.criteria.flatMap(othersOf));
    for (const id of others.difference(moving)) {
      const other = move.ports.other(id);
      const shown = await other.publisher.read("production");
      beside.push({ move, other, shown, contents: await contentsInProduction(other) });
    }
  }
  return beside;
}

/** Throws a PromotionError if one of them shows something else than when the gates ran. */
export async function assertUnchangedBeside(beside: readonly ShownBeside[]): Promise<void> {
  for (const { move, other, shown, contents } of beside) {
    const present = await other.publisher.read("production");
    if (!isDeepStrictEqual(present, shown) || (await contentsInProduction(other)) !== contents)
      throw movedBeside(move, other, present);
  }
}
