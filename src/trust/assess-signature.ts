import type { LiteralDataPacket, PublicKey, SignaturePacket } from "openpgp";
import {
  dependsOnSha1,
  findKeyProblem,
  findUnsupportedCurve,
  type KeyInUse,
  type KeyProblem,
} from "./assess-key.ts";
import type { TrustCode } from "./errors.ts";
import { clockToleranceMs } from "./freshness.ts";
import type { Certificate } from "./keyring.ts";
import { acceptsDigest, digestName, keyConfig, type OpenPgp } from "./openpgp.ts";
import { type Candidate, findCandidates, type SignaturePolicy, type SigningKey } from "./policy.ts";

/** What one signature is worth. */
export type Verdict =
  | { readonly kind: "good"; readonly signer: SigningKey; readonly warnings: readonly string[] }
  /** By a key that counts, and not over these bytes: someone changed them, or the signature. */
  | { readonly kind: "bad"; readonly signer: SigningKey; readonly cause: unknown }
  /** Neither for nor against: such as by a key that has expired. */
  | {
      readonly kind: "unusable";
      readonly code: UnusableCode;
      readonly reason: string;
      readonly cause?: unknown;
    }
  | { readonly kind: "unknown"; readonly keyId: string };

export type UnusableCode =
  | KeyProblem["code"]
  | Extract<TrustCode, "SIGNATURE_EXPIRED" | "SIGNATURE_FUTURE" | "SIGNATURE_UNSUPPORTED" | "DIGEST_WEAK">;

/** Judges a signature over a document. Never throws for what the signature or the key holds. */
export async function assessSignature(
  signature: SignaturePacket,
  document: LiteralDataPacket,
  policy: SignaturePolicy,
  openpgp: OpenPgp,
): Promise<Verdict> {
  const keyId = signature.issuerKeyID.toHex().toUpperCase();
  const candidates = findCandidates(keyId, policy);
  if (candidates.length === 0) return { kind: "unknown", keyId };
  const problem = findSignatureProblem(signature, keyId, policy.now, openpgp);
  if (problem !== undefined) return problem;
  const verdicts = await Promise.all(
    candidates.map((candidate) => assessCandidate(signature, document, candidate, policy.now, openpgp)),
  );
  return settle(verdicts) ?? { kind: "unknown", keyId };
}

/**
 * A key may stand in the ring in several ages, and two keys may share a key ID. A revocation anywhere is final; after
 * that the copy wins by which the signature is good; bad is what is bad by every key that it may be from.
 */
function settle(verdicts: readonly Verdict[]): Verdict | undefined {
  return (
    verdicts.find((verdict) => verdict.kind === "unusable" && verdict.code === "KEY_REVOKED") ??
    verdicts.find((verdict) => verdict.kind === "good") ??
    verdicts.find((verdict) => verdict.kind === "unusable") ??
    verdicts[0]
  );
}

/** What makes a signature worthless whoever made it. */
function findSignatureProblem(
  { signatureType, hashAlgorithm, created }: SignaturePacket,
  keyId: string,
  now: Date,
  openpgp: OpenPgp,
): Verdict | undefined {
  const types = openpgp.enums.signature;
  // Other types are not made over a document: such a signature can be good and say nothing about this one.
  if (signatureType !== types.binary && signatureType !== types.text) {
    return unusable("SIGNATURE_UNSUPPORTED", `the signature by 0x${keyId} is not one over a document`);
  }
  if (!acceptsDigest(openpgp, hashAlgorithm)) {
    const found = digestName(openpgp, hashAlgorithm);
    return unusable("DIGEST_WEAK", `the signature by 0x${keyId} uses ${found}, expected SHA-256 or better`);
  }
  if (created !== null && created.getTime() > now.getTime() + clockToleranceMs) {
    const dates = `is dated ${created.toISOString()}, and it is ${now.toISOString()} here`;
    return unusable("SIGNATURE_FUTURE", `the signature by 0x${keyId} ${dates}`);
  }
  return undefined;
}

async function assessCandidate(
  signature: SignaturePacket,
  document: LiteralDataPacket,
  { certificate, signer }: Candidate,
  now: Date,
  openpgp: OpenPgp,
): Promise<Verdict> {
  const name = `key 0x${signer.keyId}`;
  const key = await readKeyInUse(certificate, signer, now, openpgp);
  if (key instanceof Error) {
    const reason = `${name} in ${certificate.fileName} cannot be read`;
    return { kind: "unusable", code: "KEY_UNUSABLE", reason, cause: key };
  }
  const unsupported = findUnsupportedCurve(key);
  if (unsupported !== undefined)
    return { ...unsupported, kind: "unusable", reason: `${name} ${unsupported.reason}` };
  const failure = await verificationFailure(signature, document, key, openpgp);
  if (failure !== undefined) return { kind: "bad", signer, cause: failure };
  const expiry = signature.getExpirationTime();
  if (expiry instanceof Date && expiry <= now) {
    return unusable(
      "SIGNATURE_EXPIRED",
      `the signature by 0x${signer.keyId} expired on ${expiry.toISOString()}`,
    );
  }
  if (signature.created !== null && signature.created < key.signing.getCreationTime()) {
    return unusable("KEY_UNUSABLE", `${name} is newer than the signature it should have made`);
  }
  const problem = await findKeyProblem(key, openpgp);
  if (problem !== undefined) return { ...problem, kind: "unusable", reason: `${name} ${problem.reason}` };
  return { kind: "good", signer, warnings: (await dependsOnSha1(key, openpgp)) ? [sha1Warning(name)] : [] };
}

async function readKeyInUse(
  certificate: Certificate,
  signer: SigningKey,
  now: Date,
  openpgp: OpenPgp,
): Promise<KeyInUse | Error> {
  try {
    const primary: PublicKey = await openpgp.readKey({
      binaryKey: certificate.bytes,
      config: keyConfig(openpgp),
    });
    const signing = primary
      .getKeys()
      .find((key) => key.getFingerprint().toUpperCase() === signer.fingerprint);
    return signing === undefined
      ? new Error("of a version or algorithm not supported")
      : { primary, signing, now };
  } catch (error) {
    // The library throws a plain Error without a code for every key that it cannot read.
    if (error instanceof Error) return error;
    throw error;
  }
}

async function verificationFailure(
  signature: SignaturePacket,
  document: LiteralDataPacket,
  { signing }: KeyInUse,
  openpgp: OpenPgp,
): Promise<Error | undefined> {
  const type = signature.signatureType ?? openpgp.enums.signature.binary;
  // As of the moment that it was made: only the mathematics is asked here. Time is judged by the caller.
  const asOf = signature.created ?? undefined;
  try {
    await signature.verify(signing.keyPacket, type, document, asOf, true, keyConfig(openpgp));
    return undefined;
  } catch (error) {
    // The library throws a plain Error without a code for every signature that does not verify.
    if (error instanceof Error) return error;
    throw error;
  }
}

function unusable(code: UnusableCode, reason: string): Verdict {
  return { kind: "unusable", code, reason };
}

function sha1Warning(name: string): string {
  return (
    `${name} is bound by SHA-1 self-signatures, which Debian 13 refuses since 2026-02-01: ` +
    "such clients will not accept this repository until the upstream renews its key"
  );
}
