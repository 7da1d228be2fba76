import { type SnapshotGlance, TreesByGeneration } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

/** Returns the trees of a mirror: generations of the working mirror, and these snapshots. */
export const treesOf = (
  { working }: Ports<"working">,
  snapshots: readonly SnapshotGlance[],
): TreesByGeneration =>
  new TreesByGeneration([
    ...working.generations().map(({ path, name }) => ({ path, generation: name })),
    ...snapshots.map(({ path, meta: { generation } }) => ({ path, generation })),
  ]);
