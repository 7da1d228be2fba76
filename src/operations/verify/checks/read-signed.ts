import type { TreeRemark } from "../../../report/words/verify/tree-remarks.ts";
import { parseRelease, type Release } from "../../../repository/index.ts";
import {
  readUnverifiedInRelease,
  type SignaturePolicy,
  type SignedText,
  type TrustCode,
  TrustError,
  type VerifiedRelease,
  verifyDetached,
  verifyInRelease,
} from "../../../trust/index.ts";

/** The signature files of one Release. */
export type ReleaseBytes =
  | { readonly inRelease: Buffer }
  | { readonly release: Buffer; readonly signature: Buffer | undefined };

/**
 * Returns the Release of a tree that was made at `madeAt`, if its signature is good; without a policy, unverified.
 * Throws TrustError or RepositoryError.
 */
export async function readSigned(
  policy: SignaturePolicy | undefined,
  madeAt: Date,
  bytes: ReleaseBytes,
  source: string,
): Promise<{ readonly release: Release; readonly remarks: readonly TreeRemark[] }> {
  if (policy === undefined) {
    const { text, linesBefore } = unverifiedText(bytes);
    return { release: parseRelease(text, source, { linesBefore }), remarks: [] };
  }
  const { signed, expiry } = await verifyAsOf(madeAt, policy, bytes);
  const { text, linesBefore } = signed;
  const remarks =
    expiry === undefined ? [] : [{ kind: "expired-since", path: source, reason: expiry } as const];
  return { release: parseRelease(text, source, { linesBefore }), remarks };
}

/**
 * Verifies as of now or, if the key or the signature has expired since, as of the time when the tree was made: its bytes
 * were good then and are the same. A key that was revoked since makes no signature good, at any time.
 */
async function verifyAsOf(
  madeAt: Date,
  policy: SignaturePolicy,
  bytes: ReleaseBytes,
): Promise<{ readonly signed: SignedText; readonly expiry: string | undefined }> {
  try {
    return { signed: await verify(bytes, policy), expiry: undefined };
  } catch (error) {
    if (!hasTrustCode(error, expiredCodes)) throw error;
    const signed = await verify(bytes, { ...policy, now: madeAt });
    return { signed, expiry: error.message };
  }
}

const expiredCodes: readonly TrustCode[] = ["KEY_EXPIRED", "SIGNATURE_EXPIRED"];

/** Returns true if the bytes are at fault, so that a good copy would help; otherwise the keys are. */
export const isOfTheBytes = (error: unknown): boolean =>
  !(error instanceof TrustError) || hasTrustCode(error, codesOfTheBytes);

const codesOfTheBytes: readonly TrustCode[] = [
  "FRAMING_INVALID",
  "ARMOR_INVALID",
  "PACKET_INVALID",
  "SIGNATURE_MISSING",
  "SIGNATURE_INVALID",
  "SIGNATURE_UNSUPPORTED",
];

const hasTrustCode = (error: unknown, codes: readonly TrustCode[]): error is TrustError =>
  error instanceof TrustError && codes.includes(error.code);

async function verify(bytes: ReleaseBytes, policy: SignaturePolicy): Promise<VerifiedRelease> {
  if ("inRelease" in bytes) return verifyInRelease(bytes.inRelease, policy);
  if (bytes.signature !== undefined) return verifyDetached(bytes.release, bytes.signature, policy);
  throw new TrustError("SIGNATURE_MISSING", "PGP signature verification failed: there is no Release.gpg");
}

const unverifiedText = (bytes: ReleaseBytes): SignedText =>
  "inRelease" in bytes
    ? readUnverifiedInRelease(bytes.inRelease)
    : { text: bytes.release.toString("latin1"), linesBefore: 0 };
