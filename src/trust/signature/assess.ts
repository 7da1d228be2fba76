import type { LiteralDataPacket, SignaturePacket } from "openpgp";
import { dependsOnSha1, findUnsupportedCurve, type KeyInUse, readKeyInUse } from "../key/assess-key.ts";
import { assessKind, unreadable } from "./assess-kind.ts";
import { isRightOverWeakDigest } from "./edwards-signature.ts";
import { issuersOf } from "./issuers.ts";
import { objectionsTo, objectionToDigest } from "./objections.ts";
import { anyDigestConfig, isOnEdwardsCurve, type OpenPgp } from "./openpgp.ts";
import { type Candidate, findCandidates, type SignaturePolicy } from "./policy.ts";
import type { ReadSignature, SignatureNote, Verdict } from "./verdict.ts";

/** The document that a signature covers, for us and for the library. */
export interface SignedDocument {
  readonly bytes: Uint8Array;
  readonly packet: LiteralDataPacket;
}

/** The key ID of a signature that names no key. */
const nobody = "0".repeat(16);

/** Judges a signature over a document. Never throws because of a signature or a key. */
export async function assessSignature(
  { body, packet: signature }: ReadSignature,
  document: SignedDocument,
  policy: SignaturePolicy,
  openpgp: OpenPgp,
): Promise<Verdict> {
  const keyIds = issuersOf(body);
  const [keyId = nobody] = keyIds;
  const candidates = keyIds.flatMap((id) => findCandidates(id, policy));
  const oddity = assessKind(body, keyId, candidates);
  if (oddity !== undefined) return oddity;
  if (signature === undefined) return unreadable;
  if (candidates.length === 0) return { kind: "unknown", keyId };
  const verdicts = await Promise.all(
    candidates.map((candidate) => assessCandidate({ body, signature }, document, candidate, policy, openpgp)),
  );
  return settle(verdicts) ?? { kind: "unknown", keyId };
}

/**
 * Combines the verdicts of copies: a key may be in the ring in several versions, and two keys may share a key ID. A
 * revocation in any copy is final; after that, a copy by which the signature is good wins. It is bad only if it is bad
 * by every possible key.
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

/** Checks first whether a signature is bad: an old digest or date must not help an attacker who alters a file. */
async function assessCandidate(
  { body, signature }: { readonly body: Uint8Array; readonly signature: SignaturePacket },
  document: SignedDocument,
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
  const weakness = isOnEdwardsCurve(key.signing) ? objectionToDigest(signature, key, openpgp) : undefined;
  if (weakness !== undefined) {
    const isRight = isRightOverWeakDigest(body, key.signing.keyPacket.write(), document.bytes);
    if (isRight === undefined) return { ...weakness, kind: "undecided" };
    return isRight ? { ...weakness, kind: "unusable" } : { kind: "bad", signer, cause: undefined };
  }
  const failure = await verificationFailure(signature, document.packet, key, openpgp);
  if (failure !== undefined) return { kind: "bad", signer, cause: failure };
  const notes: SignatureNote[] = [];
  for await (const objection of objectionsTo(signature, key, policy, openpgp)) {
    const { override, reason } = objection;
    if (override === undefined || !policy.allow[override]) return { ...objection, kind: "unusable" };
    notes.push({ kind: "accepted", reason, option: optionNames[override] });
  }
  if (await dependsOnSha1(key, openpgp)) notes.push({ kind: "bound-by-sha1", keyId: signer.keyId });
  return { kind: "good", signer, notes };
}

const optionNames = { future: "allow_future", expiredKeys: "allow_expired_keys" } as const;

/** An accepted signature of the future is judged as of its date: its key may be as young. */
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
  // As of its own time, because only the mathematics counts here. The caller judges the time.
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
