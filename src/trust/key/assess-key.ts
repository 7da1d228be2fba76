import type { Config, PublicKey, Subkey } from "openpgp";
import type { TrustCode } from "../errors.ts";
import { keyConfig, type OpenPgp, strictKeyConfig } from "../signature/openpgp.ts";
import type { SigningKey } from "../signature/policy.ts";
import { findMistake } from "./key-mistake.ts";
import type { Certificate } from "./keyring.ts";
import { isRevoked } from "./revocation.ts";
import { expiryByUserIds } from "./user-id-expiry.ts";
import { keepUserIdBytes } from "./user-ids.ts";

/** A key that made a signature, its primary key (or itself), and the time at which both are judged. */
export interface KeyInUse {
  readonly signing: PublicKey | Subkey;
  readonly primary: PublicKey;
  readonly now: Date;
}

/** The reason why a key counts for nothing, although its signature may be good. */
export interface KeyProblem {
  readonly code: Extract<TrustCode, "KEY_EXPIRED" | "KEY_REVOKED" | "KEY_WEAK" | "KEY_UNUSABLE">;
  /** Continues a sentence that starts with the key. */
  readonly reason: string;
  readonly cause?: unknown;
  /** The time of KEY_EXPIRED. */
  readonly expiredAt?: Date;
}

/** Parses a key. Returns the error of the library if it cannot. */
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

/** Curves that the library verifies without modules outside Node. Nobody signs repositories with others. */
const supportedCurves: readonly (string | undefined)[] = [
  "ed25519Legacy",
  "nistP256",
  "nistP384",
  "nistP521",
  undefined,
];

/** Call it before a signature is verified: a signature that cannot be verified is not bad. */
export function findUnsupportedCurve({ signing }: KeyInUse): KeyProblem | undefined {
  const { curve } = signing.getAlgorithmInfo();
  if (supportedCurves.includes(curve)) return undefined;
  return { code: "KEY_UNUSABLE", reason: `is on the curve ${curve}, expected Ed25519 or a NIST curve` };
}

/**
 * Judges a key as of now: if it has expired or was revoked since it signed, it counts for nothing, as in gpgv's
 * EXPKEYSIG and REVKEYSIG. Returns undefined if it may sign.
 */
export async function findKeyProblem(key: KeyInUse, openpgp: OpenPgp): Promise<KeyProblem | undefined> {
  const config = keyConfig(openpgp);
  // Before the library, which overlooks some.
  if (await isRevoked(key.signing, key.primary, openpgp))
    return { code: "KEY_REVOKED", reason: "was revoked" };
  const failure = await signingFailure(key, config);
  if (failure === undefined) {
    const expiry = await expiryByUserIds(key.primary, key.now, openpgp);
    return expiry !== undefined && expiry <= key.now ? expiredOn(expiry) : undefined;
  }
  // The library has one error for all reasons. Find the reason again, the most final first.
  const weakness = findWeakness(key.primary, config) ?? findWeakness(key.signing, config);
  if (weakness !== undefined) return { code: "KEY_WEAK", reason: weakness };
  const expiry = await findExpiry(key, openpgp, config);
  if (expiry !== undefined) return expiredOn(expiry);
  return { code: "KEY_UNUSABLE", reason: findMistake(key) ?? "is not a valid signing key", cause: failure };
}

const expiredOn = (expiredAt: Date): KeyProblem => ({
  code: "KEY_EXPIRED",
  reason: `expired on ${expiredAt.toISOString()}`,
  expiredAt,
});

/** Returns true for a key that has expired, had not when it signed, and had no other problem then. */
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

/** Returns true if the key depends on a self-signature with SHA-1 and has no better one. */
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

/** Returns the earliest expiry of the key and its primary that has passed. */
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
