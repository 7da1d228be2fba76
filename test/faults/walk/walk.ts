import * as fc from "fast-check";
import { anyMove, type Move } from "./moves.ts";
import { anyOriginChange } from "./origin.ts";

/** A walk as it is printed and repeated. */
export interface Walk {
  readonly seed: number;
  /** How many names a file may have. Once it has them all, it is copied. */
  readonly namesMax: number;
  readonly moves: readonly Move[];
}

const movesOfWalk = 30;

/** Every second walk meets faults of the disk, and every third one a file system that allows few names for a file. */
export function walkOf(seed: number): Walk {
  const hasFaults = seed % 2 === 1;
  const namesMax = seed % 3 === 2 ? 4 + (seed % 5) : Number.POSITIVE_INFINITY;
  const moves = fc.sample(anyMove({ hasFaults }), { seed, numRuns: movesOfWalk });
  const beginning = fc
    .sample(anyOriginChange, { seed, numRuns: 4 })
    .map((change): Move => ({ does: "change upstream", change }));
  return { seed, namesMax, moves: [...beginning, { does: "sync both" }, ...moves] };
}
