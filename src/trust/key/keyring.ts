import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { TrustError } from "../errors.ts";
import { beginLine, readArmorBlock } from "../message/armor.ts";
import { linesOf, trimEnd } from "../message/lines.ts";
import { packetTags, splitPackets } from "../message/packets.ts";

/** A file of keys: its name, for messages, and its bytes. */
export interface KeyFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface KeyIdentity {
  /** 40 upper-case hexadecimal digits (64 for a version 6 key). */
  readonly fingerprint: string;
  /** 16 upper-case hexadecimal digits. */
  readonly keyId: string;
}

/** A transferable public key (RFC 9580 10.1) as bytes. It is parsed only if a signature names it. */
export interface Certificate {
  readonly fileName: string;
  readonly primary: KeyIdentity;
  /** The primary key and its subkeys. */
  readonly keys: readonly KeyIdentity[];
  readonly bytes: Uint8Array;
}

/** The configured keys. A key may be in it more than once, in versions of different age. */
export interface Keyring {
  readonly certificates: readonly Certificate[];
}

/**
 * Reads files with any number of public keys, binary or armored by their content, not their name. Throws TrustError
 * KEYRING_EMPTY, KEYRING_UNSUPPORTED, ARMOR_INVALID or PACKET_INVALID, which name the file.
 */
export async function readKeyring(files: readonly KeyFile[]): Promise<Keyring> {
  return { certificates: files.flatMap(readKeyFile) };
}

function readKeyFile(file: KeyFile): Certificate[] {
  refuseKeybox(file);
  refuseByteOrderMark(file);
  const lines = linesOf(file.bytes).map(trimEnd);
  // By the first byte alone, a note in German before an armor block would be read as a packet.
  const isBinary = ((file.bytes[0] ?? 0) & 0x80) !== 0 && !lines.includes(publicKeyStart);
  const blocks = isBinary ? [file.bytes] : readArmoredKeys(lines, file.name);
  const certificates = blocks.flatMap((block) => splitCertificates(block, file.name));
  if (certificates.length > 0) return certificates;
  throw new TrustError("KEYRING_EMPTY", `key file ${file.name}: no OpenPGP public key found in it`, {
    hint: "Expected the output of `gpg --export` or `gpg --armor --export`. Was an error page saved instead of a key?",
  });
}

const publicKeyStart = beginLine("PGP PUBLIC KEY BLOCK");

/** Text around armor blocks is skipped, as gpg does: people keep notes there. */
function readArmoredKeys(lines: readonly string[], fileName: string): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < lines.length; ) {
    if (lines[at] === "-----BEGIN PGP PRIVATE KEY BLOCK-----") throw secretKeyError(fileName);
    if (lines[at] === publicKeyStart) {
      const { bytes, next } = readArmorBlock(lines, at, "PGP PUBLIC KEY BLOCK", `key file ${fileName}`);
      blocks.push(bytes);
      at = next;
    } else at++;
  }
  return blocks;
}

/** Splits packets into certificates: each starts at a public key packet. */
function splitCertificates(bytes: Uint8Array, fileName: string): Certificate[] {
  const certificates: Certificate[] = [];
  let primary: KeyIdentity | undefined;
  let keys: KeyIdentity[] = [];
  let packets: Uint8Array[] = [];
  const close = (): void => {
    if (primary !== undefined) certificates.push({ fileName, primary, keys, bytes: Buffer.concat(packets) });
  };
  for (const packet of splitPackets(bytes, `key file ${fileName}`)) {
    if (packet.tag === packetTags.secretKey) throw secretKeyError(fileName);
    if (packet.tag === packetTags.publicKey) {
      close();
      primary = identify(packet.body);
      keys = [primary];
      packets = [];
    } else if (packet.tag === packetTags.publicSubkey) keys.push(identify(packet.body));
    packets.push(packet.bytes);
  }
  close();
  return certificates;
}

/** Returns fingerprint and key ID of a key packet's body (RFC 9580 5.5.4). */
function identify(body: Uint8Array): KeyIdentity {
  if (body[0] === 6) {
    const fingerprint = hashHex(
      "sha256",
      [0x9b, body.length >>> 24, body.length >>> 16, body.length >>> 8, body.length],
      body,
    );
    return { fingerprint, keyId: fingerprint.slice(0, 16) };
  }
  const fingerprint = hashHex("sha1", [0x99, body.length >>> 8, body.length], body);
  return { fingerprint, keyId: fingerprint.slice(-16) };
}

function hashHex(algorithm: "sha1" | "sha256", prefix: readonly number[], body: Uint8Array): string {
  return createHash(algorithm).update(Uint8Array.from(prefix)).update(body).digest("hex").toUpperCase();
}

/** Refuses a keybox by its header (GnuPG's kbx/keybox-blob.c): length, type, version, flags, "KBXf". */
function refuseKeybox(file: KeyFile): void {
  if (Buffer.from(file.bytes.subarray(8, 12)).toString("latin1") !== "KBXf") return;
  throw new TrustError(
    "KEYRING_UNSUPPORTED",
    `key file ${file.name}: a GnuPG keybox, expected OpenPGP keys, binary or armored`,
    { hint: `Export its keys: gpg --no-default-keyring --keyring ${file.name} --export > keys.gpg` },
  );
}

/** Refuses text as editors and browsers of other systems save it. gpg and apt find no key in such a file. */
function refuseByteOrderMark({ name, bytes }: KeyFile): void {
  const [first, second, third] = bytes;
  const isUtf8 = first === 0xef && second === 0xbb && third === 0xbf;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (!isUtf8 && !isUtf16) return;
  throw new TrustError(
    "KEYRING_UNSUPPORTED",
    isUtf8
      ? `key file ${name}: it begins with a byte order mark, and apt reads no key from it either`
      : `key file ${name}: it is text in UTF-16, and apt reads no key from it either`,
    {
      hint: isUtf8
        ? `Remove the first three bytes: tail -c +4 ${name} > keys.asc`
        : `Save it as plain text: iconv -f UTF-16 -t ASCII ${name} > keys.asc`,
    },
  );
}

function secretKeyError(fileName: string): TrustError {
  return new TrustError(
    "KEYRING_UNSUPPORTED",
    `key file ${fileName}: it holds a secret key, expected public keys only`,
    {
      hint: "Export the public key with `gpg --export`, and remove the secret key from this machine.",
    },
  );
}
