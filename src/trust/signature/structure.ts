/** A subpacket of a signature: its key, its time, or any other statement. RFC 9580 5.2.3.7 */
export interface Subpacket {
  readonly type: number;
  /** A reader that does not know its type must ignore the signature. */
  readonly isCritical: boolean;
  readonly data: Buffer;
}

/** Maximum lengths of areas of subpackets; gpgv treats a signature with longer ones as damaged. */
const areaBytesMax = 10_000;

/** Minimum length after the areas: the left 16 bits of the digest, and a number of one bit. */
const restBytesMin = 5;

/** Version, type, algorithm of the key, algorithm of the digest. */
const headBytes = 4;

/** Size of the length of an area of subpackets, by version of the signature. */
const bytesOfLength: ReadonlyMap<number, 2 | 4> = new Map([
  [4, 2],
  [6, 4],
]);

/**
 * Returns the subpackets of a signature of version 4 or 6 (RFC 9580 5.2.3) from both areas, the signed one first.
 * Returns undefined for other versions, and if parts do not lie within the signature: the library reads past a length
 * that is too large.
 */
export function subpacketsOf(body: Uint8Array): readonly Subpacket[] | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const lengthBytes = bytesOfLength.get(body[0] ?? 0);
  if (lengthBytes === undefined) return undefined;
  const hashed = readArea(bytes, headBytes, lengthBytes);
  const unhashed = hashed === undefined ? undefined : readArea(bytes, hashed.end, lengthBytes);
  if (hashed === undefined || unhashed === undefined || unhashed.end + restBytesMin > bytes.length)
    return undefined;
  return [...hashed.subpackets, ...unhashed.subpackets];
}

/** Returns true for a signature of a known version with all its parts, as far as gpgv checks them first. */
export function isWholeSignature(body: Uint8Array): boolean {
  const [version = 0, hashedBytes] = body;
  if (version === 2 || version === 3) return hashedBytes === 5 && body.length >= oldBytesMin;
  return version === 4 ? subpacketsOf(body) !== undefined : versionsOfOthers.has(version);
}

/** RFC 4880 5.2.2, with a number of one bit. */
const oldBytesMin = 22;

/** Versions of LibrePGP and RFC 9580, whose unknown parts are ignored. */
const versionsOfOthers: ReadonlySet<number> = new Set([5, 6]);

/** Returns the signature type of RFC 9580 5.2.1, or undefined for a version with an unknown layout. */
export function typeOfSignature(body: Uint8Array): number | undefined {
  const [version = 0, second, third] = body;
  if (version === 2 || version === 3) return third;
  return version === 4 || version === 6 ? second : undefined;
}

interface Area {
  readonly subpackets: readonly Subpacket[];
  readonly end: number;
}

/** Returns undefined if the area with its length at `at` is not whole. */
function readArea(bytes: Buffer, at: number, lengthBytes: number): Area | undefined {
  const start = at + lengthBytes;
  if (start > bytes.length) return undefined;
  const areaBytes = bytes.readUIntBE(at, lengthBytes);
  const end = start + areaBytes;
  if (areaBytes > areaBytesMax || end > bytes.length) return undefined;
  const subpackets = readSubpackets(bytes.subarray(start, end));
  return subpackets && { subpackets, end };
}

function readSubpackets(area: Buffer): readonly Subpacket[] | undefined {
  const subpackets: Subpacket[] = [];
  for (let at = 0; at < area.length; ) {
    const first = area.readUInt8(at);
    const lengthBytes = first < 192 ? 1 : first < 255 ? 2 : 5;
    if (at + lengthBytes > area.length) return undefined;
    const start = at + lengthBytes;
    const end = start + subpacketBytes(area, at, first);
    if (end > area.length) return undefined;
    const [type = typeless] = area.subarray(start, end);
    const isCritical = (type & criticalBit) !== 0;
    subpackets.push({ type: type & ~criticalBit, isCritical, data: area.subarray(start + 1, end) });
    at = end;
  }
  return subpackets;
}

const criticalBit = 0x80;
/** The type of a subpacket without bytes, which gpgv does not accept either. */
const typeless = criticalBit;

/** Returns the length, including the byte of the type. RFC 9580 5.2.3.7 */
function subpacketBytes(area: Buffer, at: number, first: number): number {
  if (first < 192) return first;
  return first < 255 ? ((first - 192) << 8) + area.readUInt8(at + 1) + 192 : area.readUInt32BE(at + 1);
}
