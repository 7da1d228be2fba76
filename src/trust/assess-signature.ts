import type { LiteralDataPacket, SignaturePacket } from "openpgp";
import { dependsOnSha1, findUnsupportedCurve, type KeyInUse, readKeyInUse } from "./assess-key.ts";
import type { TrustCode } from "./errors.ts";
import { holdsUnknownCritical, issuersOf } from "./issuers.ts";
import { type ObjectionCode, objectionsTo, objectionToDigest } from "./objections.ts";
import { anyDigestConfig, isOnEdwardsCurve, type OpenPgp } from "./openpgp.ts";
import { type Candidate, findCandidates, type SignaturePolicy, type SigningKey } from "./policy.ts";
import { typeOfSignature } from "./signature-structure.ts";

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
  /** May be bad for all that can be told here, or is one at which gpgv gives up. */
  | { readonly kind: "undecided"; readonly code: UnusableCode; readonly reason: string }
  | { readonly kind: "unknown"; readonly keyId: string };

export type UnusableCode = ObjectionCode | Extract<TrustCode, "SIGNATURE_UNSUPPORTED">;

/** A signature as it stands in the file, and as the library reads it: undefined where it does not know its kind. */
export interface ReadSignature {
  readonly body: Uint8Array;
  readonly packet: SignaturePacket | undefined;
}

/** Judges a signature over a document. Never throws for what the signature or the key holds. */
export async function assessSignature(
  { body, packet: signature }: ReadSignature,
  document: LiteralDataPacket,
  policy: SignaturePolicy,
  openpgp: OpenPgp,
): Promise<Verdict> {
  const keyIds = issuersOf(body);
  const [keyId = nobody] = keyIds;
  const candidates = keyIds.flatMap((id) => findCandidates(id, policy));
  if (!isOverDocument(body)) {
    const reason = `the signature by 0x${keyId} is not one over a document`;
    return { kind: "undecided", code: "SIGNATURE_UNSUPPORTED", reason };
  }
  if (signature === undefined) return assessUnread(body, keyId, candidates);
  if (candidates.length === 0) return { kind: "unknown", keyId };
  if (holdsUnknownCritical(body)) {
    const reason = `the signature by 0x${keyId} says something that is critical and not known`;
    return { kind: "undecided", code: "SIGNATURE_UNSUPPORTED", reason };
  }
  const verdicts = await Promise.all(
    candidates.map((candidate) => assessCandidate(signature, document, candidate, policy, openpgp)),
  );
  return settle(verdicts) ?? { kind: "unknown", keyId };
}

/** Other types can be good and say nothing about this one. */
function isOverDocument(body: Uint8Array): boolean {
  const type = typeOfSignature(body);
  return type === undefined || type === documentTypes.binary || type === documentTypes.text;
}

/** RFC 9580 5.2.1.1, 5.2.1.2 */
const documentTypes = { binary: 0, text: 1 } as const;

/** What stands for the key of a signature that names none. */
const nobody = "0".repeat(16);

/**
 * Of a signature that the library does not know. RFC 9580 5.2.3 has unknown versions and algorithms ignored; those are
 * known to gpgv.
 */
function assessUnread(body: Uint8Array, keyId: string, candidates: readonly Candidate[]): Verdict {
  const [version = 0, , algorithm = 0] = body;
  const isKnown = version === 2 || version === 3 || (version === 4 && algorithmsOfOld.has(algorithm));
  if (candidates.length === 0 || !isKnown) return unreadable;
  const found = version === 4 ? `algorithm ${algorithm}` : `version ${version}`;
  const reason = `the signature by 0x${keyId} is of ${found}, which is not supported`;
  return { kind: "undecided", code: "SIGNATURE_UNSUPPORTED", reason };
}

/** RSA and ElGamal for encryption, ECDH, and ElGamal for both. RFC 9580 9.1 */
const algorithmsOfOld: ReadonlySet<number> = new Set([2, 16, 18, 20]);

const unreadable: Verdict = {
  kind: "unusable",
  code: "SIGNATURE_UNSUPPORTED",
  reason: "a signature is of a version or algorithm that is not supported",
};

/**
 * A key may stand in the ring in several ages, and two keys may share a key ID. A revocation anywhere is final; after
 * that the copy wins by which the signature is good; bad is what is bad by every key that it may be from.
 */
function settle(verdicts: readonly Verdict[]): Verdict | undefined {
  return (
    verdicts.find((verdict) => verdict.kind === "unusable" && verdict.code === "KEY_REVOKED") ??
    verdicts.find((verdict) => verdict.kind === "good") ??
    verdicts.find((verdict) => verdict.kind === "undecided") ??
    verdicts.find((verdict) => verdict.kind === "unusable") ??
    verdicts[0]
  );
}

/** A bad signature is bad before all else: whoever alters a file must not gain by an old digest or date in it. */
async function assessCandidate(
  signature: SignaturePacket,
  document: LiteralDataPacket,
  { certificate, signer }: Candidate,
  policy: SignaturePolicy,
  openpgp: OpenPgp,
): Promise<Verdict> {
  const name = `key 0x${signer.keyId}`;
  const key = await readKeyInUse(certificate, signer, momentOf(signature, policy), openpgp);
  if (key instanceof Error) {
    const reason = `${name} in ${certificate.fileName} cannot be read`;
    return { kind: "unusable", code: "KEY_UNUSABLE", reason, cause: key };
  }
  const unsupported = findUnsupportedCurve(key);
  if (unsupported !== undefined)
    return { ...unsupported, kind: "unusable", reason: `${name} ${unsupported.reason}` };
  // On Edwards curves the library does not so much as try an old digest; that is no sign of an altered file.
  const weakness = isOnEdwardsCurve(key.signing) ? objectionToDigest(signature, key, openpgp) : undefined;
  if (weakness !== undefined) return { ...weakness, kind: "undecided" };
  const failure = await verificationFailure(signature, document, key, openpgp);
  if (failure !== undefined) return { kind: "bad", signer, cause: failure };
  const warnings: string[] = [];
  for await (const objection of objectionsTo(signature, key, policy, openpgp)) {
    const { override, reason } = objection;
    if (override === undefined || !policy.allow[override]) return { ...objection, kind: "unusable" };
    warnings.push(`${reason} (accepted: ${optionNames[override]})`);
  }
  if (await dependsOnSha1(key, openpgp)) warnings.push(sha1Warning(name));
  return { kind: "good", signer, warnings };
}

const optionNames = { future: "allow_future", expiredKeys: "allow_expired_keys" } as const;

/** A signature of the future that is accepted is judged as of then: its key may be as young. */
function momentOf({ created }: SignaturePacket, { now, allow }: SignaturePolicy): Date {
  return allow.future && created !== null && created > now ? created : now;
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
    await signature.verify(signing.keyPacket, type, document, asOf, true, anyDigestConfig(openpgp));
    return undefined;
  } catch (error) {
    // The library throws a plain Error without a code for every signature that does not verify.
    if (error instanceof Error) return error;
    throw error;
  }
}

function sha1Warning(name: string): string {
  return (
    `${name} is bound by SHA-1 self-signatures, which Debian 13 refuses since 2026-02-01: ` +
    "such clients will not accept this repository until the upstream renews its key"
  );
}
