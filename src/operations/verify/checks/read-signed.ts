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
import type { VerifiableTree } from "./findings.ts";
import type { Verification } from "./verification.ts";

/** The bytes that a Release comes in. */
export type ReleaseBytes =
  | { readonly inRelease: Buffer }
  | { readonly release: Buffer; readonly signature: Buffer | undefined };

/** The Release that the bytes hold, if its signature is good. Throws a TrustError or a RepositoryError. */
export async function readSigned(
  { context, keyring }: Verification,
  tree: VerifiableTree,
  bytes: ReleaseBytes,
  source: string,
): Promise<{ readonly release: Release; readonly remarks: readonly string[] }> {
  if (keyring === undefined) {
    const { text, linesBefore } = unverifiedText(bytes);
    return { release: parseRelease(text, source, { linesBefore }), remarks: [] };
  }
  const { signedBy, allow } = context.mirror;
  const policy = { keyring, now: context.now(), signedBy, allow };
  const { signed, remarks } = await verifyAsOf(tree.madeAt, policy, bytes);
  const { text, linesBefore } = signed;
  return { release: parseRelease(text, source, { linesBefore }), remarks };
}

/**
 * As of now or, where the key or the signature has expired since, as of when the tree was made: the bytes have not
 * become others by that. A key that was revoked since vouches for nothing, at whatever time.
 */
async function verifyAsOf(
  madeAt: Date,
  policy: SignaturePolicy,
  bytes: ReleaseBytes,
): Promise<{ readonly signed: SignedText; readonly remarks: readonly string[] }> {
  try {
    return { signed: await verify(bytes, policy), remarks: [] };
  } catch (error) {
    if (!hasTrustCode(error, expiredCodes)) throw error;
    const signed = await verify(bytes, { ...policy, now: madeAt });
    return { signed, remarks: [`${error.message}; it was good when it was mirrored`] };
  }
}

const expiredCodes: readonly TrustCode[] = ["KEY_EXPIRED", "SIGNATURE_EXPIRED"];

/** What other bytes of the same file may mend; else it is the keys that do not fit. */
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
