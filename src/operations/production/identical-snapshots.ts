import { isDeepStrictEqual } from "node:util";
import type { Snapshot } from "../../snapshot/index.ts";

/** Of one sync, or of syncs that found the same Release files and had to select the same of them. */
export const isIdentical = ({ meta: a }: Snapshot, { meta: b }: Snapshot): boolean =>
  (a.generation !== undefined && a.generation === b.generation) ||
  (a.facts !== undefined && isDeepStrictEqual(a.facts, b.facts));
