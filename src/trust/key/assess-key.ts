import type { Config, PublicKey, Subkey } from "openpgp";
import type { TrustCode } from "../errors.ts";
import { keyConfig, type OpenPgp, strictKeyConfig } from "../signature/openpgp.ts";
import type { SigningKey } from "../signature/policy.ts";
import type { Certificate } from "./keyring.ts";
import { isRevoked } from "./revocation.ts";
import { expiryByUserIds } from "./user-id-expiry.ts";
import { keepUserIdBytes } from "./user-ids.ts";

/** A key that made a signature, the primary key that it belongs to or is, and the moment that both are judged at. */
export interface KeyInUse {
  readonly signing: PublicKey | Subkey;
  readonly primary: PublicKey;
  readonly now: Date;
}

/** Why a key cannot vouch for anything, although its signature may be good. */
export interface KeyProblem {
  readonly code: Extract<TrustCode, "KEY_EXPIRED" | "KEY_REVOKED" | "KEY_WEAK" | "KEY_UNUSABLE">;
  /** Goes on a sentence that starts with the key. */
  readonly reason: string;
  readonly cause?: unknown;
  /** Of KEY_EXPIRED: when. */
  readonly expiredAt?: Date;
}

/** Answers the error of the library for a key that it cannot read. */
export async function readKeyInUse(
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
    keepUserIdBytes(primary, certificate.bytes);
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

/** Curves that the library verifies on without modules that are not part of Node. Nobody signs repositories on others. */
const supportedCurves: readonly (string | undefined)[] = [
  "ed25519Legacy",
  "nistP256",
  "nistP384",
  "nistP521",
  undefined,
];

/** To be asked before a signature is verified: one that cannot be is not thereby bad. */
export function findUnsupportedCurve({ signing }: KeyInUse): KeyProblem | undefined {
  const { curve } = signing.getAlgorithmInfo();
  if (supportedCurves.includes(curve)) return undefined;
  return { code: "KEY_UNUSABLE", reason: `is on the curve ${curve}, expected Ed25519 or a NIST curve` };
}

/**
 * Judges a key as of now: one that has expired or was revoked since it signed counts for nothing, as in gpgv's
 * EXPKEYSIG and REVKEYSIG. Undefined where it may sign.
 */
export async function findKeyProblem(key: KeyInUse, openpgp: OpenPgp): Promise<KeyProblem | undefined> {
  const config = keyConfig(openpgp);
  // Before the library is asked, which overlooks some.
  if (await isRevoked(key.signing, key.primary, openpgp))
    return { code: "KEY_REVOKED", reason: "was revoked" };
  const failure = await signingFailure(key, config);
  if (failure === undefined) {
    const expiry = await expiryByUserIds(key.primary, key.now, openpgp);
    return expiry !== undefined && expiry <= key.now ? expiredOn(expiry) : undefined;
  }
  // The library gives one error for all reasons; which of them it was is asked again, the most final first.
  const weakness = findWeakness(key.primary, config) ?? findWeakness(key.signing, config);
  if (weakness !== undefined) return { code: "KEY_WEAK", reason: weakness };
  const expiry = await findExpiry(key, openpgp, config);
  if (expiry !== undefined) return expiredOn(expiry);
  return { code: "KEY_UNUSABLE", reason: "is not a valid signing key", cause: failure };
}

const expiredOn = (expiredAt: Date): KeyProblem => ({
  code: "KEY_EXPIRED",
  reason: `expired on ${expiredAt.toISOString()}`,
  expiredAt,
});

/** True for a key that has expired, had not yet when it signed, and had no other problem until then. */
export async function mayHaveSigned(
  { expiredAt }: KeyProblem,
  created: Date | null,
  key: KeyInUse,
  openpgp: OpenPgp,
): Promise<boolean> {
  if (expiredAt === undefined || created === null || created >= expiredAt) return false;
  return (
    (await signingFailure({ ...key, now: new Date(expiredAt.getTime() - 1000) }, keyConfig(openpgp))) ===
    undefined
  );
}

/** True where a self-signature that the key depends on is by SHA-1, and none that is not stands beside it. */
export async function dependsOnSha1(key: KeyInUse, openpgp: OpenPgp): Promise<boolean> {
  if ((await signingFailure(key, strictKeyConfig(openpgp))) === undefined) return false;
  return (await signingFailure(key, keyConfig(openpgp))) === undefined;
}

async function signingFailure(
  { primary, signing, now }: KeyInUse,
  config: Config,
): Promise<Error | undefined> {
  try {
    await primary.getSigningKey(signing.getKeyID(), now, undefined, config);
    return undefined;
  } catch (error) {
    // The library throws a plain Error without a code for every key that may not sign.
    if (error instanceof Error) return error;
    throw error;
  }
}

function findWeakness(key: PublicKey | Subkey, config: Config): string | undefined {
  const { algorithm, bits } = key.getAlgorithmInfo();
  if (algorithm.startsWith("rsa") && bits !== undefined && bits < config.minRSABits) {
    return `is RSA of ${bits} bits, expected ${config.minRSABits} or more`;
  }
  const isRejected = config.rejectPublicKeyAlgorithms.has(key.keyPacket.algorithm);
  return isRejected ? `is of the weak kind ${algorithm}` : undefined;
}

/** Of the key and its primary, when the first of them expired. */
async function findExpiry(
  { primary, signing, now }: KeyInUse,
  openpgp: OpenPgp,
  config: Config,
): Promise<Date | undefined> {
  const expiries = [await primary.getExpirationTime(undefined, config)];
  if (signing instanceof openpgp.Subkey) expiries.push(await signing.getExpirationTime(now, config));
  const past = expiries.filter((expiry): expiry is Date => expiry instanceof Date && expiry <= now);
  return past.toSorted((a, b) => a.getTime() - b.getTime())[0];
}
