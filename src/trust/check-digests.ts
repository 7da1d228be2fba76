import type { DigestAlgorithm, Digests } from "../repository/index.ts";
import { TrustError } from "./errors.ts";

/** Size and digests of a file in a trusted list. */
export interface ExpectedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly digests: Digests;
}

/** What bytes are: their size, and their digests by every algorithm that is listed. */
export interface FoundBytes {
  readonly sizeBytes: number;
  readonly digests: Digests;
}

/**
 * Compares received bytes with the list: the size, and every listed digest, also the weak ones. Computed digests that
 * are not listed do not matter. Returns undefined if they are the listed ones, or else SIZE_MISMATCH, DIGEST_MISMATCH, or
 * DIGEST_MISSING if no digest is listed.
 */
export function mismatchOf(
  { sizeBytes, digests }: FoundBytes,
  expected: ExpectedFile,
): TrustError | undefined {
  const { path } = expected;
  if (sizeBytes !== expected.sizeBytes) {
    return new TrustError(
      "SIZE_MISMATCH",
      `${path}: received ${sizeBytes} bytes, expected ${expected.sizeBytes}`,
      {
        facts: { path, wanted: expected.sizeBytes, found: sizeBytes },
        hint: changingHint,
      },
    );
  }
  const listed = Object.entries(expected.digests) as [DigestAlgorithm, string | undefined][];
  const comparable = listed.filter((entry): entry is [DigestAlgorithm, string] => entry[1] !== undefined);
  if (comparable.length === 0) {
    return new TrustError("DIGEST_MISSING", `${path}: no digest is listed to check its bytes by`, {
      facts: { path },
      hint: "Nothing could verify this file, and apt refuses it too. Tell the owner of the upstream.",
    });
  }
  for (const [algorithm, wanted] of comparable) {
    if (digests[algorithm] === wanted) continue;
    const actual = digests[algorithm] ?? "none computed";
    return new TrustError(
      "DIGEST_MISMATCH",
      `${path}: the ${algorithm} digest is ${actual}, expected ${wanted}`,
      {
        facts: { path, algorithm, wanted, found: actual },
        hint: changingHint,
      },
    );
  }
  return undefined;
}

/** Throws what `mismatchOf` returns. */
export function checkDigests(digests: Digests, sizeBytes: number, expected: ExpectedFile): void {
  const mismatch = mismatchOf({ sizeBytes, digests }, expected);
  if (mismatch !== undefined) throw mismatch;
}

const changingHint =
  "The upstream may be changing, or a cache on the way sends an old file; the next sync starts from its newest Release.";
