import type { SignaturePacket } from "openpgp";
import type { TrustCode } from "../errors.ts";
import { clockToleranceMs } from "../freshness.ts";
import { findKeyProblem, type KeyInUse, type KeyProblem, mayHaveSigned } from "../key/assess-key.ts";
import { acceptsDigest, digestName, type OpenPgp } from "./openpgp.ts";
import type { SignaturePolicy } from "./policy.ts";

/** The reason why a signature counts for nothing although its key made it. */
export interface Objection {
  readonly code: ObjectionCode;
  readonly reason: string;
  readonly cause?: unknown;
  /** The option of the policy, if any, that accepts it. */
  readonly override?: keyof SignaturePolicy["allow"];
}

export type ObjectionCode =
  | KeyProblem["code"]
  | Extract<TrustCode, "DIGEST_WEAK" | "SIGNATURE_EXPIRED" | "SIGNATURE_FUTURE">;

/** Objects to a digest for which anyone could make another document with the same signature. */
export function objectionToDigest(
  { hashAlgorithm }: SignaturePacket,
  { signing }: KeyInUse,
  openpgp: OpenPgp,
): Objection | undefined {
  if (acceptsDigest(openpgp, hashAlgorithm)) return undefined;
  const found = digestName(openpgp, hashAlgorithm);
  return {
    code: "DIGEST_WEAK",
    reason: `the signature by ${nameOf(signing)} uses ${found}, expected SHA-256 or better`,
  };
}

/** Lists all objections to a mathematically right signature, the final ones first. */
export async function* objectionsTo(
  signature: SignaturePacket,
  key: KeyInUse,
  policy: SignaturePolicy,
  openpgp: OpenPgp,
): AsyncGenerator<Objection, void, undefined> {
  const keyId = nameOf(key.signing);
  const { created } = signature;
  const weakness = objectionToDigest(signature, key, openpgp);
  if (weakness !== undefined) yield weakness;
  const expiry = signature.getExpirationTime();
  if (expiry instanceof Date && expiry <= key.now) {
    const reason = `the signature by ${keyId} expired on ${expiry.toISOString()}`;
    yield { code: "SIGNATURE_EXPIRED", reason };
  }
  if (created !== null && created < key.signing.getCreationTime()) {
    yield { code: "KEY_UNUSABLE", reason: `key ${keyId} is newer than the signature it should have made` };
  }
  if (created !== null && created.getTime() > policy.now.getTime() + clockToleranceMs) {
    const dates = `is dated ${created.toISOString()}, and it is ${policy.now.toISOString()} here`;
    yield { code: "SIGNATURE_FUTURE", reason: `the signature by ${keyId} ${dates}`, override: "future" };
  }
  const problem = await findKeyProblem(key, openpgp);
  if (problem === undefined) return;
  const objection = { ...problem, reason: `key ${keyId} ${problem.reason}` };
  yield (await mayHaveSigned(problem, created, key, openpgp))
    ? { ...objection, override: "expiredKeys" }
    : objection;
}

const nameOf = (signing: KeyInUse["signing"]): string => `0x${signing.getKeyID().toHex().toUpperCase()}`;
