/**
 * The record of every sync, snapshot and link change: when, who, why, from, to, result.
 * The one thing that cannot be rebuilt from the trees; nothing that is served depends on it.
 */
export {
  type History,
  type HistoryAction,
  type HistoryEntry,
  type HistoryReader,
  type HistoryResult,
  openHistory,
} from "./history.ts";
export { leftProductionAt, productionBefore } from "./production-line.ts";
