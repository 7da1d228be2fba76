import type { Criterion } from "./criterion.ts";
import type { Verdict, VerdictKind } from "./verdict.ts";

/** One gate of a test, and its verdict. */
export interface GateResult {
  readonly criterion: Criterion;
  readonly verdict: Verdict;
  readonly seconds: number;
  /** When the gate ran: before this test if the verdict is still valid. */
  readonly at: Date;
}

/** What is known of a gate without running it. */
export interface GateState {
  readonly criterion: Criterion;
  /** Undefined if it was not tested, or something that the verdict depends on has changed since. */
  readonly verdict: Verdict | undefined;
  readonly at: Date | undefined;
}

/** What the gates of a mirror say of a snapshot. */
export interface SnapshotTest {
  readonly mirror: string;
  readonly snapshot: string;
  /** The verdict of all gates together. */
  readonly verdict: VerdictKind;
  readonly results: readonly GateResult[];
}
