/**
 * Trust: from bytes that anyone may have sent to values that may be acted on. Framing, signatures, keys, freshness,
 * and sizes and digests against what a signed file lists.
 * Knows neither where bytes come from nor what a Release says, keeps no key, reads no clock: all of it is passed in.
 */

export type { ExpectedFile } from "./check-digests.ts";
export { checkDigests } from "./check-digests.ts";
export type { TrustCode } from "./errors.ts";
export { locateTrustError, TrustError } from "./errors.ts";
export type { FreshnessContext, ReleaseDates, ReleaseNote } from "./freshness.ts";
export { checkFreshness } from "./freshness.ts";
export type { KeyFile, Keyring } from "./key/keyring.ts";
export { readKeyring } from "./key/keyring.ts";
export { isAllowed, type SignaturePolicy, type SigningKey } from "./signature/policy.ts";
export type { SignatureNote } from "./signature/verdict.ts";
export type { SignedText, VerifiedRelease } from "./verify.ts";
export { readUnverifiedInRelease, verifyDetached, verifyInRelease } from "./verify.ts";
