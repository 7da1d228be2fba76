/**
 * Gates: what a snapshot must meet before it goes into production, the verdicts on it, and when an earlier verdict is still
 * valid. Pure: values in, values out. Does not know how trees are read, and has no words.
 */
export { type Criterion, type CriterionOf, type GateName, othersOf } from "./criterion.ts";
export type { CausingChange, Detail } from "./detail.ts";
export { type Exemption, isExempt, parseExemption } from "./exemption.ts";
export {
  digestOf,
  findLatest,
  findValid,
  type KeptResult,
  type KeptTest,
  type TestConditions,
} from "./kept-test.ts";
export type { GateResult, GateState, SnapshotTest } from "./snapshot-test.ts";
export {
  type Findings,
  findings,
  type NotApplicable,
  refuses,
  type Verdict,
  type VerdictKind,
  verdictOf,
  worst,
} from "./verdict.ts";
