import { RepositoryError } from "./errors.ts";
import { quote } from "./text.ts";

/** The algorithms of a Release file, weakest first. */
export const digestAlgorithms = ["md5", "sha1", "sha256", "sha512"] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** Lower-case hexadecimal digests of one file; whichever of them the metadata lists. */
export type Digests = Readonly<Partial<Record<DigestAlgorithm, string>>>;

/** Name of an object: 64 lower-case hexadecimal digits. */
export type Sha256 = string & { readonly brand: "Sha256" };

/** Hash fields of a Release file and directory names below by-hash/, per algorithm. */
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

/** Reads a digest; upper-case hex is taken too, as lower case. */
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

/** True where a digest that still withstands collisions is listed: SHA-256 or SHA-512. */
export function hasStrongDigest(digests: Digests): boolean {
  return digests.sha256 !== undefined || digests.sha512 !== undefined;
}

/**
 * Those of the listed digests that decide whether the bytes of a package or source are right: SHA-256; SHA-512 where
 * SHA-256 is not listed; all of them where only weak ones are.
 */
export function decidingDigests(digests: Digests): Digests {
  const { sha256, sha512 } = digests;
  if (sha256 !== undefined) return { sha256 };
  return sha512 === undefined ? digests : { sha512 };
}

/**
 * The digests of both lists of one file, or undefined where the lists contradict each other. The same object as
 * `held` where `added` says nothing new.
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

/** True where both hold the same digests of the same algorithms. */
export function sameDigests(a: Digests, b: Digests): boolean {
  return digestAlgorithms.every((algorithm) => a[algorithm] === b[algorithm]);
}
