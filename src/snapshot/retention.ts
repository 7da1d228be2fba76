/** Which snapshots to keep, and why. Pure: the clock is an argument. */
import { compareNames } from "../snapshot-name.ts";

export interface RetentionCandidate {
  readonly name: string;
  readonly createdAt: Date;
  /** Reasons that hold whatever the rules say: it is staged, in production, or left production a short time ago. */
  readonly claims: readonly string[];
}

export interface RetentionRules {
  /** The newest N are kept. */
  readonly keepLast: number;
  /** All that are at most this old are kept. */
  readonly keepWithinMs: number | undefined;
}

export interface RetentionDecision<Candidate extends RetentionCandidate = RetentionCandidate> {
  readonly candidate: Candidate;
  readonly keep: boolean;
  /** One phrase for each rule or claim that keeps it; empty for what goes. */
  readonly keptBecause: readonly string[];
}

/** Decisions newest first; equal times are ordered by name. Kept if any rule or claim keeps it. */
export function applyRetention<Candidate extends RetentionCandidate>(
  candidates: readonly Candidate[],
  rules: RetentionRules,
  now: Date,
): RetentionDecision<Candidate>[] {
  return [...candidates].toSorted(newestFirst).map((candidate, index) => {
    const keptBecause = [...candidate.claims];
    if (index < rules.keepLast) keptBecause.push(`among the newest ${rules.keepLast}`);
    if (
      rules.keepWithinMs !== undefined &&
      now.getTime() - candidate.createdAt.getTime() <= rules.keepWithinMs
    ) {
      keptBecause.push("within the time to keep");
    }
    return { candidate, keep: keptBecause.length > 0, keptBecause };
  });
}

export function newestFirst(
  a: { readonly name: string; readonly createdAt: Date },
  b: { readonly name: string; readonly createdAt: Date },
): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || compareNames(b.name, a.name);
}
