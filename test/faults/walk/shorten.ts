import type { Misstep } from "./go-walk.ts";
import type { Walk } from "./walk.ts";

/** The shortest walk that was found, and what is wrong at its end. */
export interface Shortened {
  readonly walk: Walk;
  readonly misstep: Misstep;
}

/** Each try is a whole walk. */
const triesMax = 80;

/**
 * Drops moves from a walk as long as it still finds something wrong: first what comes after the misstep, then half of the
 * moves, a quarter, and so on to single ones.
 */
export async function shorten(
  walk: Walk,
  found: Misstep,
  go: (walk: Walk) => Promise<Misstep | undefined>,
): Promise<Shortened> {
  let moves = walk.moves.slice(0, found.move + 1);
  let misstep = found;
  let triesLeft = triesMax;
  for (let size = moves.length >> 1; size >= 1; size >>= 1) {
    for (let end = misstep.move; end > 0 && triesLeft > 0; end = Math.min(end - size, moves.length - 1)) {
      triesLeft--;
      const shorter = moves.toSpliced(Math.max(0, end - size), Math.min(size, end));
      const next = await go({ ...walk, moves: shorter });
      if (next === undefined) continue;
      moves = shorter.slice(0, next.move + 1);
      misstep = next;
    }
  }
  return { walk: { ...walk, moves }, misstep };
}
