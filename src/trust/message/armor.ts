import { Buffer } from "node:buffer";
import { quote } from "../../repository/index.ts";
import { damagedHint, TrustError } from "../errors.ts";

/** The content of an armor block, as its BEGIN and END lines spell it. */
export type ArmorLabel = "PGP SIGNATURE" | "PGP PUBLIC KEY BLOCK";

export const beginLine = (label: ArmorLabel): string => `-----BEGIN ${label}-----`;
const endLine = (label: ArmorLabel): string => `-----END ${label}-----`;

/**
 * Decodes the armor block (RFC 9580 6.2) that begins at `lines[start]`. The lines must have no trailing whitespace.
 * `where` names the file in errors. Returns the bytes and the index after the END line. Throws TrustError
 * ARMOR_INVALID.
 *
 * The checksum is optional since RFC 9580 6.1. A signature with a wrong checksum is damaged; in a key file apt ignores
 * it.
 */
export function readArmorBlock(
  lines: readonly string[],
  start: number,
  label: ArmorLabel,
  where: string,
): { readonly bytes: Uint8Array; readonly next: number } {
  const bodyStart = skipHeaders(lines, start + 1, where);
  const end = lines.indexOf(endLine(label), bodyStart);
  if (end < 0) throw armorError(where, `the block has no line ${quote(endLine(label))}`);
  const body = lines.slice(bodyStart, end);
  const checksum = body.at(-1)?.startsWith("=") === true ? body.pop() : undefined;
  const bytes = decodeBase64(body.join(""), where);
  if (label === "PGP SIGNATURE" && checksum !== undefined && checksum !== checksumLine(bytes)) {
    throw armorError(
      where,
      `the checksum is ${quote(checksum)}, and the data has ${quote(checksumLine(bytes))}`,
    );
  }
  return { bytes, next: end + 1 };
}

/** Returns keys as one armor block with a checksum, which old versions of GnuPG expect. */
export function armorPublicKeys(keys: readonly Uint8Array[]): string {
  const bytes = Buffer.concat(keys);
  const body = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  const lines = [
    beginLine("PGP PUBLIC KEY BLOCK"),
    "",
    ...body,
    checksumLine(bytes),
    endLine("PGP PUBLIC KEY BLOCK"),
  ];
  return `${lines.join("\n")}\n`;
}

/** Returns the index of the first line after the empty one that ends the headers. */
function skipHeaders(lines: readonly string[], start: number, where: string): number {
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line === "") return at + 1;
    if (!/^[A-Za-z][A-Za-z0-9-]*:(?: |$)/.test(line)) {
      throw armorError(where, `expected an armor header or an empty line, found ${quote(line)}`);
    }
  }
  throw armorError(where, "the armor headers have no end");
}

function decodeBase64(text: string, where: string): Uint8Array {
  // Buffer skips unknown characters, and nobody may change a signature by adding some.
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text))
    throw armorError(where, "the data is not base64");
  return Buffer.from(text, "base64");
}

/** Returns "=" and the CRC-24 of RFC 9580 6.1 in base64. */
function checksumLine(bytes: Uint8Array): string {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x800000 ? 0x1864cfb : 0);
  }
  return `=${Buffer.from([crc >> 16, crc >> 8, crc]).toString("base64")}`;
}

function armorError(where: string, found: string): TrustError {
  return new TrustError("ARMOR_INVALID", `${where}: the ASCII armor is damaged: ${found}`, {
    hint: damagedHint,
  });
}
