/** Which snapshots to keep, and why. Pure: the clock is an argument. */
import { compareNames } from "../snapshot-name.ts";

/** Why a snapshot is kept. */
export type KeepReason =
  /** It is one of the newest `keepLast`. */
  | { readonly kind: "newest"; readonly keepLast: number }
  /** It is at most this old. */
  | { readonly kind: "recent"; readonly keepWithinMs: number }
  | KeepClaim;

/** Holds whatever the rules say. */
export type KeepClaim =
  | { readonly kind: "production" }
  | { readonly kind: "staging" }
  /** By a link that mirrorctl did not make. */
  | { readonly kind: "linked"; readonly link: string }
  /** Somebody keeps it, perhaps with a note that says why. */
  | { readonly kind: "pinned"; readonly note: string | undefined }
  /** It left production within the grace time. */
  | { readonly kind: "grace"; readonly leftProductionAt: Date }
  /** A rollback would go back to it. */
  | { readonly kind: "rollback" }
  /** A rollback may need it: the history does not say what production was before. */
  | { readonly kind: "history-lost" }
  /** The last sync made or kept it. */
  | { readonly kind: "last-sync" }
  /** Nothing says that mirrorctl made it: its record is missing or damaged. */
  | { readonly kind: "not-known" };

export interface RetentionCandidate {
  readonly name: string;
  readonly createdAt: Date;
  readonly claims: readonly KeepClaim[];
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
  /** Each rule and claim that keeps it; empty for what is deleted. */
  readonly keptBecause: readonly KeepReason[];
}

/** Decides about each snapshot, newest first, equal times by name. It is kept if any rule or claim keeps it. */
export function applyRetention<Candidate extends RetentionCandidate>(
  candidates: readonly Candidate[],
  rules: RetentionRules,
  now: Date,
): RetentionDecision<Candidate>[] {
  return [...candidates].toSorted(newestFirst).map((candidate, index) => {
    const { keepLast, keepWithinMs } = rules;
    const keptBecause: KeepReason[] = [...candidate.claims];
    if (index < keepLast) keptBecause.push({ kind: "newest", keepLast });
    if (keepWithinMs !== undefined && now.getTime() - candidate.createdAt.getTime() <= keepWithinMs)
      keptBecause.push({ kind: "recent", keepWithinMs });
    return { candidate, keep: keptBecause.length > 0, keptBecause };
  });
}

export function newestFirst(
  a: { readonly name: string; readonly createdAt: Date },
  b: { readonly name: string; readonly createdAt: Date },
): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || compareNames(b.name, a.name);
}
