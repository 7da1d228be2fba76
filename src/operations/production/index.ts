/** The stories of `stage`, `publish`, `promote` and `rollback`: which tree each public name shows. */
export { settleCutOffMove } from "./cut-off-move.ts";
export { keepNow, tellCarried } from "./keep-files.ts";
export { keptForRollback, predecessorsOf, type RollbackUse } from "./predecessors.ts";
export { type PromoteOptions, promoteSnapshots } from "./promote-snapshots.ts";
export { publishSnapshot, showInProduction } from "./publish-snapshot.ts";
export { type RollbackOptions, rollBack } from "./roll-back.ts";
export { showInStaging, stageSnapshot } from "./stage-snapshot.ts";
export { findTakenOut } from "./taken-out.ts";
