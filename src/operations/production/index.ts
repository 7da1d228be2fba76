/** The stories of `stage`, `publish` and `rollback`, and how production moves: which tree each public name shows. */
export { settleCutOffMove } from "./cut-off-move.ts";
export { keepNow, tellCarried } from "./keep-files.ts";
export { moveProduction } from "./move-production.ts";
export { keptForRollback, predecessorsOf, type RollbackUse } from "./predecessors.ts";
export {
  isThere,
  lockAll,
  type ProductionMove,
  type ProductionPorts,
  planMove,
  skipUnchanged,
} from "./production-move.ts";
export { publishSnapshot, showInProduction } from "./publish-snapshot.ts";
export { type RollbackOptions, rollBack } from "./roll-back.ts";
export { showInStaging, stageSnapshot } from "./stage-snapshot.ts";
export { findTakenOut } from "./taken-out.ts";
