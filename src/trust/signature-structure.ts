/** Lengths of areas of subpackets beyond which gpgv takes a signature for damaged. */
const areaBytesMax = 10_000;

/** What follows the areas at least: the left 16 bits of the digest, and a number of one bit. */
const restBytesMin = 5;

/**
 * True where the parts of a version 4 signature (RFC 9580 5.2.3) lie within it: two areas of subpackets, each with its
 * length, and what is signed behind them. The library reads on past a length that is too large.
 */
export function isWholeSignature(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let at = 4; // version, type, key algorithm, digest algorithm
  for (const _area of ["hashed", "unhashed"]) {
    if (at + 2 > bytes.length) return false;
    const areaBytes = bytes.readUInt16BE(at);
    if (
      areaBytes > areaBytesMax ||
      !areSubpacketsWhole(bytes.subarray(at + 2, at + 2 + areaBytes), areaBytes)
    )
      return false;
    at += 2 + areaBytes;
  }
  return at + restBytesMin <= bytes.length;
}

function areSubpacketsWhole(area: Buffer, areaBytes: number): boolean {
  if (area.length < areaBytes) return false;
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
