/** Lengths of areas of subpackets beyond which gpgv takes a signature for damaged. */
const areaBytesMax = 10_000;

/** What follows the areas at least: the left 16 bits of the digest, and a number of one bit. */
const restBytesMin = 5;

/** Version, type, algorithm of the key, algorithm of the digest. */
const headBytes = 4;

/**
 * True where the parts of a version 4 signature (RFC 9580 5.2.3) lie within it: two areas of subpackets, each with its
 * length, and what is signed behind them. The library reads on past a length that is too large.
 */
export function isWholeSignature(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const hashedEnd = endOfArea(bytes, headBytes);
  const unhashedEnd = hashedEnd === undefined ? undefined : endOfArea(bytes, hashedEnd);
  return unhashedEnd !== undefined && unhashedEnd + restBytesMin <= bytes.length;
}

/** The key ID, in upper case, that a signature of version 2 or 3 names (RFC 4880 5.2.2), which gpgv still judges. */
export function issuerOfOldSignature(body: Uint8Array): string | undefined {
  const [version = 0] = body;
  if (version !== 2 && version !== 3) return undefined;
  return Buffer.from(body.subarray(7, 15)).toString("hex").toUpperCase();
}

/** Where the area ends whose length stands at `at`; undefined where it is not whole. */
function endOfArea(bytes: Buffer, at: number): number | undefined {
  const start = at + 2;
  if (start > bytes.length) return undefined;
  const areaBytes = bytes.readUInt16BE(at);
  const end = start + areaBytes;
  if (areaBytes > areaBytesMax || end > bytes.length) return undefined;
  return areSubpacketsWhole(bytes.subarray(start, end)) ? end : undefined;
}

function areSubpacketsWhole(area: Buffer): boolean {
  let at = 0;
  while (at < area.length) {
    const first = area.readUInt8(at);
    const lengthBytes = first < 192 ? 1 : first < 255 ? 2 : 5;
    if (at + lengthBytes > area.length) return false;
    at += lengthBytes + subpacketBytes(area, at, first);
  }
  return at === area.length;
}

/** RFC 9580 5.2.3.7 */
function subpacketBytes(area: Buffer, at: number, first: number): number {
  if (first < 192) return first;
  return first < 255 ? ((first - 192) << 8) + area.readUInt8(at + 1) + 192 : area.readUInt32BE(at + 1);
}
