/**
 * The record of every sync, snapshot and link change: when, who, why, from, to, result. It cannot be rebuilt from the
 * trees. Nothing that is served depends on it.
 */
export { type Approval, approvalsOf } from "./approvals.ts";
export { createdContents } from "./created-contents.ts";
export type { ComparedDetails, HistoryDetails, SyncedDetails, TestedDetails } from "./details.ts";
export { type HistoryAction, type HistoryEntry, type HistoryResult, historyActions } from "./entry.ts";
export { foldUnchanged, type HistoryLine } from "./fold.ts";
export {
  type History,
  type HistoryQuery,
  type HistoryReader,
  type NewerHistory,
  openHistory,
} from "./history.ts";
export { knownChanges, linesOfFix } from "./known-changes.ts";
export { type KnownDamage, knownDamage } from "./known-damage.ts";
export {
  type Deletion,
  deletionOf,
  type FormerProduction,
  isMove,
  leftProductionAt,
  movesProduction,
  productionBefore,
  removesProduction,
  wasPutIntoProduction,
} from "./production-line.ts";
export { reachedTogether } from "./reached-together.ts";
export { lastStaged, type Staged } from "./staged.ts";
export { lastStagedPeriod, type StagedPeriod } from "./staged-period.ts";
export { type TakenOut, takenOutOfProduction } from "./taken-out.ts";
