import { TrustError } from "./errors.ts";

/** The dates in a Release. */
export interface ReleaseDates {
  readonly date: Date | undefined;
  readonly validUntil: Date | undefined;
}

export interface FreshnessContext {
  readonly now: Date;
  /** Date of the held Release; undefined on the first sync. */
  readonly heldDate: Date | undefined;
  /** What is accepted with a warning. */
  readonly allow: { readonly future: boolean; readonly expired: boolean; readonly older: boolean };
}

/** What is accepted with a warning. */
export type ReleaseNote =
  | {
      readonly kind: "accepted";
      /** The message of the refusal. */
      readonly reason: string;
      readonly option: "allow_future" | "allow_expired" | "allow_older" | "allow_renamed";
    }
  /** It has no Date. */
  | { readonly kind: "undated" }
  | { readonly kind: "expiring"; readonly validUntil: Date }
  /** Such as Origin: apt asks before it accepts the change, and otherwise refuses it. */
  | { readonly kind: "field-changed"; readonly field: string; readonly before: string; readonly now: string };

/** The tolerance for dates ahead of the clock: apt allows ten seconds (Acquire::Max-FutureTime). */
export const clockToleranceMs = 10_000;
const dayMs = 86_400_000;
/** Enough time to sync, test and promote a newer Release before clients refuse this one. */
export const warnBeforeExpiryMs = 3 * dayMs;

/**
 * Refuses a well-signed Release that is out of date: a freeze or replay attack sends an old one, and so does an
 * upstream that no longer updates. Throws TrustError RELEASE_FUTURE, RELEASE_EXPIRED, RELEASE_OLDER.
 */
export function checkFreshness(release: ReleaseDates, context: FreshnessContext): readonly ReleaseNote[] {
  return [
    ...(release.date === undefined ? [{ kind: "undated" as const }] : []),
    ...checkFuture(release, context),
    ...checkExpiry(release, context),
    ...checkRollback(release, context),
  ];
}

function checkFuture({ date }: ReleaseDates, { now, allow }: FreshnessContext): ReleaseNote[] {
  if (date === undefined || date.getTime() <= now.getTime() + clockToleranceMs) return [];
  const message = `the Release is dated ${date.toISOString()}, and it is ${now.toISOString()} here`;
  if (allow.future) return [{ kind: "accepted", reason: message, option: "allow_future" }];
  throw new TrustError("RELEASE_FUTURE", message, {
    hint:
      "Check the clock of this machine (timedatectl). If it is right, the upstream's is not, and apt clients will refuse " +
      "this Release until that time; allow_future mirrors it anyway.",
  });
}

function checkExpiry({ validUntil }: ReleaseDates, { now, allow }: FreshnessContext): ReleaseNote[] {
  if (validUntil === undefined) return [];
  const leftMs = validUntil.getTime() - now.getTime();
  if (leftMs > warnBeforeExpiryMs) return [];
  if (leftMs > 0) return [{ kind: "expiring", validUntil }];
  const message = `the Release expired: it was valid until ${validUntil.toISOString()}`;
  if (allow.expired) return [{ kind: "accepted", reason: message, option: "allow_expired" }];
  throw new TrustError("RELEASE_EXPIRED", message, {
    facts: { validUntil: validUntil.toISOString(), now: now.toISOString() },
    hint:
      "The upstream no longer updates this suite, or this is an old copy, such as one that was carried here on a disk: " +
      "carry a newer one. Set allow_expired to mirror it anyway; clients then need Check-Valid-Until: no.",
  });
}

/** As in apt, a Release without a Date is older than any with one. The same Date with other bytes is accepted. */
function checkRollback({ date }: ReleaseDates, { heldDate, allow }: FreshnessContext): ReleaseNote[] {
  if (heldDate === undefined || (date !== undefined && date >= heldDate)) return [];
  const found = date === undefined ? "without a Date" : `of ${date.toISOString()}`;
  const message = `the Release ${found} is older than the one held, of ${heldDate.toISOString()}`;
  if (allow.older) return [{ kind: "accepted", reason: message, option: "allow_older" }];
  throw new TrustError("RELEASE_OLDER", message, {
    facts: { date: date?.toISOString(), heldDate: heldDate.toISOString() },
    hint:
      "A mirror of the upstream may lag behind, or someone replays an old copy. The held Release stays. " +
      "Set allow_older to go back on purpose.",
  });
}
