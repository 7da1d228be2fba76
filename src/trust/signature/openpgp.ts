import type { Config, PublicKey, Subkey } from "openpgp";

export type OpenPgp = typeof import("openpgp");

/** Loads the library on first use: it costs 50 ms, which other commands must not pay. */
export const loadOpenPgp = (): Promise<OpenPgp> => import("openpgp");

/** Returns true for a digest that a signature over a Release may use; not SHA-1, MD5, RIPEMD-160 and SHA-224. */
export function acceptsDigest({ enums }: OpenPgp, algorithm: number | null): boolean {
  const { sha256, sha384, sha512, sha3_256, sha3_512 } = enums.hash;
  return [sha256, sha384, sha512, sha3_256, sha3_512].some((accepted) => accepted === algorithm);
}

/** Returns the name of a digest algorithm, for messages. */
export function digestName({ enums }: OpenPgp, algorithm: number | null): string {
  const known = Object.entries(enums.hash).find(([, id]) => id === algorithm);
  return known?.[0].toUpperCase() ?? `the unknown digest ${algorithm}`;
}

/** Returns true for Ed25519 and the like, under any of their names. */
export function isOnEdwardsCurve(key: PublicKey | Subkey): boolean {
  return key.getAlgorithmInfo().algorithm.startsWith("ed");
}

/**
 * Settings for judging keys. The library's defaults refuse DSA, ElGamal and secp256k1. Self-signatures with SHA-1 are
 * accepted and reported, as gpgv does.
 */
export function keyConfig({ config }: OpenPgp): Config {
  return {
    ...config,
    minRSABits: 2048,
    // As gpg: old keys without key flags may sign, and one damaged certification by a stranger does not make a key
    // unusable.
    allowMissingKeyFlags: true,
    ignoreMalformedPackets: true,
    maxUserIDLength: Infinity, // it would silently drop longer ones; the key file is the administrator's
  };
}

/** As keyConfig, to check whether a signature is mathematically right. Its digest is judged separately. */
export function anyDigestConfig(openpgp: OpenPgp): Config {
  return { ...keyConfig(openpgp), rejectHashAlgorithms: new Set(), rejectMessageHashAlgorithms: new Set() };
}

/** As keyConfig, without SHA-1 in self-signatures, as Debian 13 requires. */
export function strictKeyConfig(openpgp: OpenPgp): Config {
  const config = keyConfig(openpgp);
  return {
    ...config,
    rejectHashAlgorithms: new Set([...config.rejectHashAlgorithms, openpgp.enums.hash.sha1]),
  };
}
