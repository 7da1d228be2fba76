import { damagedHint, TrustError } from "../errors.ts";

/** Packet types of RFC 9580 5 that this folder uses. */
export const packetTags = {
  signature: 2,
  secretKey: 5,
  publicKey: 6,
  marker: 10,
  userId: 13,
  publicSubkey: 14,
} as const;

export interface Packet {
  readonly tag: number;
  /** Header and body, as found. */
  readonly bytes: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * Splits bytes at packet borders (RFC 9580 4.2) without reading the packets. `where` names the file in errors. Throws
 * TrustError PACKET_INVALID.
 */
export function* splitPackets(bytes: Uint8Array, where: string): Generator<Packet> {
  for (let start = 0; start < bytes.length; ) {
    const header = readHeader(bytes, start);
    const end = header === undefined ? 0 : header.bodyStart + header.bodyBytes;
    if (header === undefined || end > bytes.length) {
      throw new TrustError(
        "PACKET_INVALID",
        `${where}: not a sequence of whole OpenPGP packets (at byte ${start})`,
        { hint: damagedHint },
      );
    }
    const { tag, bodyStart } = header;
    yield { tag, bytes: bytes.subarray(start, end), body: bytes.subarray(bodyStart, end) };
    start = end;
  }
}

interface PacketHeader {
  readonly tag: number;
  readonly bodyStart: number;
  readonly bodyBytes: number;
}

/** Returns undefined if there is no header, or one without a known length: keys and signatures never have these. */
function readHeader(bytes: Uint8Array, start: number): PacketHeader | undefined {
  const first = bytes[start] ?? 0;
  if ((first & 0x80) === 0) return undefined;
  return (first & 0x40) === 0
    ? readLegacyHeader(bytes, start, first)
    : readCurrentHeader(bytes, start, first);
}

function readCurrentHeader(bytes: Uint8Array, start: number, first: number): PacketHeader | undefined {
  const tag = first & 0x3f;
  const length = bytes[start + 1] ?? 0;
  if (length < 192) return { tag, bodyStart: start + 2, bodyBytes: length };
  if (length < 224) {
    return { tag, bodyStart: start + 3, bodyBytes: ((length - 192) << 8) + (bytes[start + 2] ?? 0) + 192 };
  }
  return length === 255
    ? { tag, bodyStart: start + 6, bodyBytes: readNumber(bytes, start + 2, 4) }
    : undefined;
}

function readLegacyHeader(bytes: Uint8Array, start: number, first: number): PacketHeader | undefined {
  const lengthType = first & 3;
  if (lengthType === 3) return undefined;
  const lengthBytes = 1 << lengthType;
  return {
    tag: (first >> 2) & 0xf,
    bodyStart: start + 1 + lengthBytes,
    bodyBytes: readNumber(bytes, start + 1, lengthBytes),
  };
}

function readNumber(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (const byte of bytes.subarray(start, start + count)) value = value * 256 + byte;
  return value;
}
