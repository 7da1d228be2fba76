import { holdsUnknownCritical } from "./issuers.ts";
import type { Candidate } from "./policy.ts";
import { typeOfSignature } from "./structure.ts";
import type { Verdict } from "./verdict.ts";

/** Judges a signature without any key. Returns undefined if nothing is wrong. */
export function assessKind(
  body: Uint8Array,
  keyId: string,
  candidates: readonly Candidate[],
): Verdict | undefined {
  const found = findOddity(body, candidates.length > 0);
  if (found === undefined) return undefined;
  return { kind: "undecided", code: "SIGNATURE_UNSUPPORTED", reason: `the signature by 0x${keyId} ${found}` };
}

function findOddity(body: Uint8Array, isByConfiguredKey: boolean): string | undefined {
  const [version = 0, , algorithm = 0] = body;
  if (!isOverDocument(body)) return "is not one over a document";
  if (!isByConfiguredKey) return undefined;
  if (version === 2 || version === 3) return `is of version ${version}, which is not supported`;
  if (version === 4 && algorithmsOfOld.has(algorithm))
    return `is of algorithm ${algorithm}, which is not supported`;
  return holdsUnknownCritical(body) ? "says something that is critical and not known" : undefined;
}

/** Other types can be good and say nothing about this one. */
function isOverDocument(body: Uint8Array): boolean {
  const type = typeOfSignature(body);
  return type === undefined || type === documentTypes.binary || type === documentTypes.text;
}

/** RFC 9580 5.2.1.1, 5.2.1.2 */
const documentTypes = { binary: 0, text: 1 } as const;

/**
 * Algorithms that gpgv knows and the library does not: RSA and ElGamal for encryption, ECDH, and ElGamal for both. RFC
 * 9580 9.1
 */
const algorithmsOfOld: ReadonlySet<number> = new Set([2, 16, 18, 20]);

/** Signatures of unknown versions and algorithms are ignored: RFC 9580 5.2.3. */
export const unreadable: Verdict = {
  kind: "unusable",
  code: "SIGNATURE_UNSUPPORTED",
  reason: "a signature is of a version or algorithm that is not supported",
};
