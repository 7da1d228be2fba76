import { malformed } from "./errors.ts";

export const blockBytes = 512;

/** A header of a tar archive, tar(5). */
export interface TarHeader {
  readonly name: string;
  /** One character: "0" or "\0" for a file, "1" and "2" for links, "5" for a directory, others for descriptions of the next. */
  readonly type: string;
  readonly linkName: string;
  readonly sizeBytes: number;
}

/** Reads a header of ustar, GNU or pax. Returns undefined for a block of zeros, which ends the archive. */
export function readTarHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (!hasItsChecksum(block)) throw malformed("a header of its data.tar has another checksum");
  const name = textAt(block, 0, 100);
  const prefix = block.toString("latin1", 257, 263) === "ustar\0" ? textAt(block, 345, 155) : "";
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type: block.toString("latin1", 156, 157),
    linkName: textAt(block, 157, 100),
    sizeBytes: sizeIn(block.subarray(124, 136)),
  };
}

/** The sum of the bytes, with blanks in place of the checksum. Old programs added signed bytes. */
function hasItsChecksum(block: Buffer): boolean {
  const wanted = Number.parseInt(textAt(block, 148, 8).trim(), 8);
  let [unsigned, signed] = [0, 0];
  for (const [at, byte] of block.entries()) {
    const counted = at >= 148 && at < 156 ? 0x20 : byte;
    unsigned += counted;
    signed += counted > 127 ? counted - 256 : counted;
  }
  return wanted === unsigned || wanted === signed;
}

/** Octal digits, or after a byte 0x80 a number of 88 bits, as GNU tar writes it for 8 GiB and more. */
function sizeIn(field: Buffer): number {
  if (field[0] === 0x80) {
    const isSafe = field.subarray(1, 5).every((byte) => byte === 0) && field.readUInt8(5) < 0x20;
    if (!isSafe) throw malformed("a file of its data.tar has an impossible size");
    return field.readUIntBE(5, 1) * 2 ** 48 + field.readUIntBE(6, 6);
  }
  const digits = textAt(field, 0, 12).trim();
  if (!/^[0-7]{1,12}$/.test(digits)) throw malformed("a file of its data.tar has a malformed size", digits);
  return Number.parseInt(digits, 8);
}

/** Latin1, in which one character is one byte, up to the first zero. */
function textAt(bytes: Buffer, start: number, lengthBytes: number): string {
  const text = bytes.toString("latin1", start, start + lengthBytes);
  const end = text.indexOf("\0");
  return end === -1 ? text : text.slice(0, end);
}
