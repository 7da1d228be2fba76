/**
 * The record of every sync, snapshot and link change: when, who, why, from, to, result. It cannot be rebuilt from the
 * trees. Nothing that is served depends on it.
 */
export { type Approval, approvalsOf } from "./conclusions/approvals.ts";
export { createdContents } from "./conclusions/created-contents.ts";
export { foldUnchanged, type HistoryLine } from "./conclusions/fold.ts";
export { knownChanges, linesOfFix } from "./conclusions/known-changes.ts";
export { type KnownDamage, knownDamage } from "./conclusions/known-damage.ts";
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
} from "./conclusions/production-line.ts";
export { reachedTogether } from "./conclusions/reached-together.ts";
export { lastStaged, type Staged } from "./conclusions/staged.ts";
export { lastStagedPeriod, type StagedPeriod } from "./conclusions/staged-period.ts";
export { type TakenOut, takenOutOfProduction } from "./conclusions/taken-out.ts";
export type { ComparedDetails, HistoryDetails, SyncedDetails, TestedDetails } from "./details.ts";
export { type HistoryAction, type HistoryEntry, type HistoryResult, historyActions } from "./entry.ts";
export {
  type History,
  type HistoryQuery,
  type HistoryReader,
  type NewerHistory,
  openHistory,
} from "./file/history.ts";
