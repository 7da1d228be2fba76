import { type SnapshotGlance, type TreesByGeneration, treesByGeneration } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

/** Returns the trees of a mirror: generations of the working mirror, and these snapshots. */
export const treesOf = (
  { working }: Ports<"working">,
  snapshots: readonly SnapshotGlance[],
): TreesByGeneration =>
  treesByGeneration([
    ...working.generations().map(({ path, name }) => ({ path, generation: name })),
    ...snapshots.map(({ path, meta: { generation } }) => ({ path, generation })),
  ]);
