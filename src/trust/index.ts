/**
 * Trust: turns bytes of unknown origin into trusted values. Framing, signatures, keys, freshness, and the comparison of
 * sizes and digests with a signed list. It does not know where bytes come from or what a Release says, keeps no key and
 * reads no clock: callers pass all of it in.
 */

export type { ExpectedFile, FoundBytes } from "./check-digests.ts";
export { checkDigests, mismatchOf } from "./check-digests.ts";
export type { TrustCode } from "./errors.ts";
export { locateTrustError, TrustError } from "./errors.ts";
export type { FreshnessContext, ReleaseDates, ReleaseNote } from "./freshness.ts";
export { checkFreshness, warnBeforeExpiryMs } from "./freshness.ts";
export {
  type FoundSignature,
  type InspectedSignatures,
  inspectDetached,
  inspectInRelease,
} from "./inspect.ts";
export {
  type DescribedCertificate,
  type DescribedKey,
  type DescribedUserId,
  describeCertificate,
} from "./key/describe-keys.ts";
export type { Certificate, KeyFile, Keyring } from "./key/keyring.ts";
export { readKeyring } from "./key/keyring.ts";
export { armorPublicKeys } from "./message/armor.ts";
export { isAllowed, type SignaturePolicy, type SigningKey } from "./signature/policy.ts";
export type { SignatureNote } from "./signature/verdict.ts";
export type { SignedText, VerifiedRelease } from "./verify.ts";
export { readUnverifiedInRelease, verifyDetached, verifyInRelease } from "./verify.ts";
