import { Buffer } from "node:buffer";
import { quote } from "../../repository/index.ts";
import { TrustError } from "../errors.ts";
import { beginLine, readArmorBlock } from "./armor.ts";
import { linesOf, trimEnd } from "./lines.ts";

export interface FramedInRelease {
  /** Only the signed lines, each with "\n" at its end; one character per byte. */
  readonly text: string;
  /** The number of lines of the file before the text. */
  readonly linesBefore: number;
  /** The bytes that the signatures cover: the same lines, joined by CR LF (RFC 9580 7.1). */
  readonly signedBytes: Uint8Array;
  /** The OpenPGP packets of each armor block. */
  readonly signatureBlocks: readonly Uint8Array[];
}

const messageStart = "-----BEGIN PGP SIGNED MESSAGE-----";
const signatureStart = beginLine("PGP SIGNATURE");

/**
 * Splits a clearsigned file, and refuses everything that a reader could mistake for signed text: anything before the
 * message or after its signatures, a second message, an unescaped dash. Verifies nothing. Throws TrustError
 * FRAMING_INVALID or ARMOR_INVALID.
 */
export function frameInRelease(bytes: Uint8Array): FramedInRelease {
  const lines = linesOf(bytes);
  const first = trimEnd(lines[0] ?? "");
  if (first !== messageStart) throw notClearsigned(first, bytes.length);
  const bodyStart = skipCleartextHeaders(lines);
  const bodyEnd = findSignature(lines, bodyStart);
  const signed = lines.slice(bodyStart, bodyEnd).map((line, index) => signedLine(line, bodyStart + index));
  return {
    text: signed.map((line) => `${line}\n`).join(""),
    linesBefore: bodyStart,
    signedBytes: Buffer.from(signed.join("\r\n"), "latin1"),
    signatureBlocks: readSignatureBlocks(lines.slice(bodyEnd).map(trimEnd), "InRelease"),
  };
}

/**
 * Returns the packets of a detached signature, which must be ASCII armor and nothing else: apt refuses the binary form.
 * Throws TrustError FRAMING_INVALID or ARMOR_INVALID.
 */
export function frameReleaseSignature(bytes: Uint8Array): readonly Uint8Array[] {
  if (((bytes[0] ?? 0) & 0x80) !== 0) {
    throw new TrustError("FRAMING_INVALID", "Release.gpg is a binary signature, expected ASCII armor", {
      hint: "apt refuses such a repository too; the upstream has to sign with --armor.",
    });
  }
  return readSignatureBlocks(linesOf(bytes).map(trimEnd), "Release.gpg");
}

/**
 * RFC 9580 7 allows "Hash" here, and GnuPG little more; none of it is signed. A closed list of names prevents a line
 * that less strict readers than apt could take for a field of a Release.
 */
function skipCleartextHeaders(lines: readonly string[]): number {
  for (let at = 1; at < lines.length; at++) {
    const line = trimEnd(lines[at] ?? "");
    if (line === "") return at + 1;
    if (!/^(?:Hash|Charset|Comment|Version|MessageID):(?: |$)/.test(line)) {
      throw framingError(at, `expected an armor header or an empty line, found ${quote(line)}`);
    }
  }
  throw framingError(lines.length, "the armor headers have no end");
}

function findSignature(lines: readonly string[], bodyStart: number): number {
  for (let at = bodyStart; at < lines.length; at++) {
    // Without trailing blanks, as apt reads it, which refuses an escape before nothing.
    const line = trimEnd(lines[at] ?? "");
    if (!line.startsWith("-") || line.startsWith("- ")) continue;
    if (line === signatureStart) return at;
    throw framingError(at, `a line of the message starts with an unescaped dash: ${quote(line)}`);
  }
  throw framingError(lines.length, "the message has no signature");
}

/**
 * RFC 9580 7.2: dash escapes and trailing whitespace are not signed, so they are not read. GnuPG also counts a NUL and
 * any carriage return at the end as whitespace, others do not: the signed form of such a line is unclear.
 */
function signedLine(line: string, index: number): string {
  const signed = trimEnd(line.startsWith("- ") ? line.slice(2) : line);
  if (!signed.endsWith("\0") && !signed.endsWith("\r")) return signed;
  throw framingError(
    index,
    `a line of the message ends in a NUL or a second carriage return: ${quote(line)}`,
  );
}

function readSignatureBlocks(lines: readonly string[], where: string): readonly Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (line !== signatureStart) {
      throw new TrustError(
        "FRAMING_INVALID",
        `${where}: expected only PGP signatures, found ${quote(line)}`,
        {
          hint: "The file was altered, or the upstream does not serve a repository that apt would accept.",
        },
      );
    }
    const { bytes, next } = readArmorBlock(lines, at, "PGP SIGNATURE", where);
    blocks.push(bytes);
    at = next;
  }
  return blocks;
}

function notClearsigned(firstLine: string, sizeBytes: number): TrustError {
  const found = sizeBytes === 0 ? "it is empty" : `it starts with ${quote(firstLine)}`;
  return new TrustError("FRAMING_INVALID", `InRelease is not a clearsigned file: ${found}`, {
    facts: { expected: messageStart },
    hint: "An error page or the login page of a proxy may have been sent instead. Look at the URL in a browser.",
  });
}

function framingError(index: number, found: string): TrustError {
  return new TrustError("FRAMING_INVALID", `InRelease, line ${index + 1}: ${found}`, {
    hint: "The file was altered or cut short on the way, or the upstream signs in a form that apt refuses too.",
  });
}
