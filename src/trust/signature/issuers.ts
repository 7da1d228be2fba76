import { type Subpacket, subpacketsOf } from "./structure.ts";

/**
 * Returns the IDs of the keys that a signature names, 16 upper-case hexadecimal digits each; any of them may have made
 * it. The unsigned part may name other keys than the signed one: anybody could so make a bad signature look like one by
 * an unknown key.
 */
export function issuersOf(body: Uint8Array): readonly string[] {
  const [version = 0] = body;
  if (version === 2 || version === 3) return [hexOf(body.subarray(7, 15))]; // RFC 4880 5.2.2
  const subpackets = subpacketsOf(body) ?? [];
  return [...new Set(subpackets.flatMap(issuerIn))];
}

/** Returns the fingerprint that a signature names, in upper-case hexadecimal digits; undefined if it has only a key ID. */
export function fingerprintOf(body: Uint8Array): string | undefined {
  const named = subpacketsOf(body)?.find(({ type }) => type === types.issuerFingerprint);
  const fingerprint = named?.data.subarray(1);
  return fingerprint && fingerprintBytes.has(fingerprint.length) ? hexOf(fingerprint) : undefined;
}

/** Of keys of version 4, and of versions 5 and 6. */
const fingerprintBytes: ReadonlySet<number> = new Set([20, 32]);

function issuerIn({ type, data }: Subpacket): string[] {
  if (type === types.issuer) return [hexOf(data.subarray(0, 8))];
  if (type !== types.issuerFingerprint) return [];
  const [version, ...fingerprint] = data;
  // The key ID is the end of a fingerprint of version 4, and the beginning of later ones (RFC 9580 5.5.4).
  const keyId = version === 4 ? fingerprint.slice(12, 20) : fingerprint.slice(0, 8);
  return [hexOf(Uint8Array.from(keyId))];
}

/** RFC 9580 5.2.3.12, 5.2.3.35 */
const types = { issuer: 16, issuerFingerprint: 33 } as const;

/** Returns true for a signature with a critical subpacket that gpgv does not know: such a signature must not count. */
export const holdsUnknownCritical = (body: Uint8Array): boolean =>
  (subpacketsOf(body) ?? []).some(({ type, isCritical }) => isCritical && !knownTypes.has(type));

/** Critical subpackets that gpgv accepts. It also accepts some notations, which nobody puts into a Release. */
const knownTypes: ReadonlySet<number> = new Set([
  2, 3, 4, 5, 6, 7, 9, 11, 12, 16, 21, 22, 24, 25, 26, 27, 29, 30, 32, 33,
]);

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex").toUpperCase();
