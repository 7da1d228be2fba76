import { createHash, createPublicKey, getHashes, verify } from "node:crypto";

/** Digests that are too weak for a Release, by their numbers in RFC 9580 9.5 and their names in node:crypto. */
const weakDigests: ReadonlyMap<number, string> = new Map([
  [1, "md5"],
  [2, "sha1"],
  [3, "ripemd160"],
  [11, "sha224"],
]);

const algorithms = { eddsaLegacy: 22, ed25519: 27 } as const;
const types = { binary: 0x00, text: 0x01 } as const;

const headBytes = 6; // version, type, algorithm, digest, length of the hashed area
const checkBytes = 2; // the left 16 bits of the digest
const pointBytes = 32;

/**
 * Returns whether an Ed25519 signature with a weak digest is mathematically right (RFC 9580 5.2.3 and 5.2.4).
 * OpenPGP.js refuses short digests on this curve without checking, which would not distinguish an altered file from an
 * old signature. Returns undefined for another version, type, algorithm or digest.
 *
 * @param body The signature packet. Its parts lie within it: see `isWholeSignature`.
 * @param keyBody The packet of the key. Its last 32 bytes are the point of the curve.
 * @param document The signed bytes.
 */
export function isRightOverWeakDigest(
  body: Uint8Array,
  keyBody: Uint8Array,
  document: Uint8Array,
): boolean | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const [version = 0, type = 0, algorithm = 0, digest = 0] = bytes;
  const digestName = weakDigests.get(digest);
  if (version !== 4 || digestName === undefined || !getHashes().includes(digestName)) return undefined;
  const signed = type === types.binary ? document : type === types.text ? withCrLf(document) : undefined;
  const hashedEnd = headBytes + bytes.readUInt16BE(headBytes - 2);
  const numbersAt = hashedEnd + 2 + bytes.readUInt16BE(hashedEnd) + checkBytes;
  const signature = signatureOf(algorithm, bytes.subarray(numbersAt));
  if (signed === undefined || signature === undefined) return undefined;
  const trailer = Buffer.from([4, 0xff, 0, 0, 0, 0]);
  trailer.writeUInt32BE(hashedEnd, 2);
  const hash = createHash(digestName).update(signed).update(bytes.subarray(0, hashedEnd)).update(trailer);
  return verify(null, hash.digest(), publicKeyOf(keyBody), signature);
}

const publicKeyOf = (keyBody: Uint8Array): ReturnType<typeof createPublicKey> =>
  createPublicKey({
    format: "jwk",
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(keyBody.slice(-pointBytes)).toString("base64url") },
  });

/**
 * Returns the 64 bytes of RFC 8032. The older algorithm has two numbers without leading zeros; undefined if they do not
 * fit.
 */
function signatureOf(algorithm: number, numbers: Buffer): Buffer | undefined {
  if (algorithm === algorithms.ed25519) return numbers.length === 2 * pointBytes ? numbers : undefined;
  if (algorithm !== algorithms.eddsaLegacy) return undefined;
  const r = numberAt(numbers, 0);
  const s = r && numberAt(numbers, r.end);
  return r !== undefined && s !== undefined && s.end === numbers.length
    ? Buffer.concat([r.bytes, s.bytes])
    : undefined;
}

/** Returns a multiprecision integer (RFC 9580 3.2), padded to 32 bytes. */
function numberAt(bytes: Buffer, at: number): { readonly bytes: Buffer; readonly end: number } | undefined {
  if (at + 2 > bytes.length) return undefined;
  const start = at + 2;
  const end = start + Math.ceil(bytes.readUInt16BE(at) / 8);
  if (end > bytes.length || end - start > pointBytes) return undefined;
  const padded = Buffer.alloc(pointBytes);
  bytes.copy(padded, pointBytes - (end - start), start, end);
  return { bytes: padded, end };
}

/** Returns the canonical text of RFC 9580 5.2.1.2: every line ends in CR LF. */
const withCrLf = (document: Uint8Array): Buffer =>
  Buffer.from(Buffer.from(document).toString("latin1").replaceAll(/\r?\n/g, "\r\n"), "latin1");
