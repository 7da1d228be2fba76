/** The stories of `publish`, `stage`, `promote` and `rollback`: which tree each public name leads to. */
export { carryWorking, dropCarried, dropCarriedByWorking } from "./carry.ts";
export { settleCutOffMove } from "./cut-off-move.ts";
export { warnBeforeExpiryMs } from "./expiry.ts";
export { isIdentical } from "./identical-snapshots.ts";
export { keptForRollback, predecessorsOf, type RollbackUse } from "./predecessors.ts";
export { type PromoteOptions, promoteSnapshots } from "./promote-snapshots.ts";
export { pointProduction, publishSnapshot } from "./publish-snapshot.ts";
export { type RollbackOptions, rollBack } from "./roll-back.ts";
export { pointStaging, stageSnapshot } from "./stage-snapshot.ts";
export { findTakenOut } from "./taken-out.ts";
