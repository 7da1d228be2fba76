import type { Config, PublicKey, Subkey } from "openpgp";

export type OpenPgp = typeof import("openpgp");

/** Loaded on first use: it costs 50 ms, which commands that verify nothing must not pay. */
export const loadOpenPgp = (): Promise<OpenPgp> => import("openpgp");

/** Digests that a signature over a Release may use; SHA-1, MD5, RIPEMD-160 and SHA-224 are not among them. */
export function acceptsDigest({ enums }: OpenPgp, algorithm: number | null): boolean {
  const { sha256, sha384, sha512, sha3_256, sha3_512 } = enums.hash;
  return [sha256, sha384, sha512, sha3_256, sha3_512].some((accepted) => accepted === algorithm);
}

/** The name of a digest algorithm, for messages. */
export function digestName({ enums }: OpenPgp, algorithm: number | null): string {
  const known = Object.entries(enums.hash).find(([, id]) => id === algorithm);
  return known?.[0].toUpperCase() ?? `the unknown digest ${algorithm}`;
}

/** Ed25519 and its like, by whichever of their names. */
export function isOnEdwardsCurve(key: PublicKey | Subkey): boolean {
  return key.getAlgorithmInfo().algorithm.startsWith("ed");
}

/**
 * How keys are judged. DSA, ElGamal and secp256k1 are refused by the library's own defaults. Self-signatures by SHA-1
 * are accepted here, as gpgv does, and reported.
 */
export function keyConfig({ config }: OpenPgp): Config {
  return {
    ...config,
    minRSABits: 2048,
    // As gpg: keys from before key flags were in use may sign, and one damaged certification of a stranger does not
    // make a key unusable.
    allowMissingKeyFlags: true,
    ignoreMalformedPackets: true,
    maxUserIDLength: Infinity, // it would leave longer ones out in silence; the key file is an administrator's
  };
}

/** As keyConfig, for whether a signature is right at all: what its digest is worth is asked apart from that. */
export function anyDigestConfig(openpgp: OpenPgp): Config {
  return { ...keyConfig(openpgp), rejectHashAlgorithms: new Set(), rejectMessageHashAlgorithms: new Set() };
}

/** As keyConfig, without SHA-1 in self-signatures: what Debian 13 asks of a key. */
export function strictKeyConfig(openpgp: OpenPgp): Config {
  const config = keyConfig(openpgp);
  return {
    ...config,
    rejectHashAlgorithms: new Set([...config.rejectHashAlgorithms, openpgp.enums.hash.sha1]),
  };
}
