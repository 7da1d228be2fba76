import { RepositoryError } from "./errors.ts";
import { quote } from "./text.ts";

/** The algorithms of the lists in a Release, weakest first. */
export const digestAlgorithms = ["md5", "sha1", "sha256", "sha512"] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** The digests of one file that the metadata lists, in lower-case hexadecimal. */
export type Digests = Readonly<Partial<Record<DigestAlgorithm, string>>>;

/** The name of an object: 64 lower-case hexadecimal digits. */
export type Sha256 = string & { readonly brand: "Sha256" };

/** For each algorithm the name of its field in Release, which is also its directory below by-hash/. */
export const releaseDigestNames = {
  md5: "MD5Sum",
  sha1: "SHA1",
  sha256: "SHA256",
  sha512: "SHA512",
} as const satisfies Record<DigestAlgorithm, string>;

const hexLengths = { md5: 32, sha1: 40, sha256: 64, sha512: 128 } as const satisfies Record<
  DigestAlgorithm,
  number
>;

/** Reads a digest. Accepts upper-case digits, and returns lower-case ones. */
export function parseDigest(algorithm: DigestAlgorithm, text: string): string {
  const hex = text.toLowerCase();
  if (hex.length === hexLengths[algorithm] && /^[0-9a-f]+$/.test(hex)) return hex;
  throw new RepositoryError(
    "DIGEST_MALFORMED",
    `not a ${releaseDigestNames[algorithm]} digest: ${quote(text)}`,
  );
}

export function parseSha256(text: string): Sha256 {
  return parseDigest("sha256", text) as Sha256;
}

/** True if SHA-256 or SHA-512 is listed, which nobody can forge. */
export function hasStrongDigest(digests: Digests): boolean {
  return digests.sha256 !== undefined || digests.sha512 !== undefined;
}

/**
 * Returns the listed digests that decide whether the bytes of a package or source are right: SHA-256, or SHA-512 if
 * SHA-256 is not listed, or all if only weak ones are.
 */
export function decidingDigests(digests: Digests): Digests {
  const { sha256, sha512 } = digests;
  if (sha256 !== undefined) return { sha256 };
  return sha512 === undefined ? digests : { sha512 };
}

/** Returns the strongest listed digest, which tells these bytes from others. */
export function strongestDigest(digests: Digests): string | undefined {
  const { md5, sha1, sha256, sha512 } = digests;
  return sha256 ?? sha512 ?? sha1 ?? md5;
}

/**
 * Returns the digests of both lists of one file, or undefined if the lists contradict each other. Returns `held` itself if
 * `added` has no other algorithm.
 */
export function mergeDigests(held: Digests, added: Digests): Digests | undefined {
  let merged = held;
  for (const algorithm of digestAlgorithms) {
    const digest = added[algorithm];
    if (digest === undefined || held[algorithm] === digest) continue;
    if (held[algorithm] !== undefined) return undefined;
    merged = { ...merged, [algorithm]: digest };
  }
  return merged;
}

/** True if both have the same algorithms with the same digests. */
export function sameDigests(a: Digests, b: Digests): boolean {
  return digestAlgorithms.every((algorithm) => a[algorithm] === b[algorithm]);
}
