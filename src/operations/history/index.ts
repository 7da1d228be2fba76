/** What `history` shows, and how other verbs read the history: one that cannot be read is a value, not an error. */
export { type HistoryOrProblem, historyOrProblem } from "./history-or-problem.ts";
export { factsOf, readKnownDamage } from "./known-damage.ts";
export { type ReadHistory, readHistory } from "./read-history.ts";
export { type HistoryRequest, type ShownHistory, showHistory } from "./show-history.ts";
