import type { LiteralDataPacket } from "openpgp";
import { damagedHint, TrustError } from "../errors.ts";
import { type Packet, packetTags, splitPackets } from "../message/packets.ts";
import { assessSignature } from "./assess.ts";
import { loadOpenPgp, type OpenPgp } from "./openpgp.ts";
import type { SignaturePolicy } from "./policy.ts";
import { isWholeSignature } from "./structure.ts";
import type { ReadSignature, Verdict } from "./verdict.ts";

/** One signature of a file, in the order of the file, and what it is worth. */
export interface JudgedSignature {
  readonly body: Uint8Array;
  readonly verdict: Verdict;
}

/**
 * Judges each signature over some bytes, without a decision about the bytes: that is the part of decide.ts. Throws TrustError
 * PACKET_INVALID if the blocks hold anything but whole signatures.
 */
export async function judgeSignatures(
  signedBytes: Uint8Array,
  signatureBlocks: readonly Uint8Array[],
  where: string,
  policy: SignaturePolicy,
): Promise<readonly JudgedSignature[]> {
  const openpgp = await loadOpenPgp();
  const document = { bytes: signedBytes, packet: await documentOf(signedBytes, openpgp) };
  const packets = signaturePackets(signatureBlocks, where);
  const signatures: ReadSignature[] = [];
  for (const packet of packets) signatures.push(await readSignature(packet, openpgp, where)); // all, before any is judged
  return Promise.all(
    signatures.map(async (signature) => ({
      body: signature.body,
      verdict: await assessSignature(signature, document, policy, openpgp),
    })),
  );
}

/** Each signature costs a hash of the whole file and a public-key operation. Debian signs with three or four keys. */
const signaturesMax = 32;

/** Accepts only signatures: a message inside a signature block would be another document than the shown one. */
function signaturePackets(blocks: readonly Uint8Array[], where: string): readonly Packet[] {
  const packets = blocks
    .flatMap((block) => [...splitPackets(block, where)])
    .filter((packet) => !isMarker(packet));
  const stranger = packets.find(({ tag }) => tag !== packetTags.signature);
  if (stranger !== undefined) {
    const found = `expected only signatures (OpenPGP packets of type 2), found one of type ${stranger.tag}`;
    throw new TrustError("PACKET_INVALID", `${where}: ${found}`, { hint: damagedHint });
  }
  if (packets.length > signaturesMax) {
    throw new TrustError(
      "PACKET_INVALID",
      `${where}: ${packets.length} signatures, expected at most ${signaturesMax}`,
      { hint: damagedHint },
    );
  }
  return packets;
}

/** Ignores markers (RFC 9580 5.8). gpgv stops at one with a wrong content. */
const isMarker = ({ tag, body }: Packet): boolean =>
  tag === packetTags.marker && Buffer.from(body).toString("latin1") === "PGP";

/**
 * A signature of a known version and algorithm that cannot be parsed, or of any algorithm that lacks fields, is
 * damaged: gpgv then rejects the whole file, and so do we.
 */
async function readSignature(
  { bytes, body }: Packet,
  openpgp: OpenPgp,
  where: string,
): Promise<ReadSignature> {
  const [version = 0, , algorithm = 0] = body;
  const damaged = (cause?: unknown): TrustError =>
    new TrustError("PACKET_INVALID", `${where}: one of its signatures is damaged`, {
      hint: damagedHint,
      cause,
    });
  if (!isWholeSignature(body)) throw damaged();
  const packet = await readPacket(bytes, openpgp);
  if (packet instanceof openpgp.SignaturePacket) return { body, packet };
  // The library also skips one that contains a signature of another version.
  if (version === 4 && knownAlgorithms.has(algorithm)) throw damaged(packet);
  return { body, packet: undefined };
}

/** Returns the error of the library if it cannot read the signature: a plain one without a code. */
async function readPacket(bytes: Uint8Array, openpgp: OpenPgp): Promise<unknown> {
  try {
    return (await openpgp.readSignature({ binarySignature: bytes })).packets[0];
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/**
 * The algorithms that gpgv checks: RSA, RSA for signatures only, DSA, ECDSA and EdDSA, RFC 9580 9.1 and RFC 4880bis.
 */
const knownAlgorithms: ReadonlySet<number> = new Set([1, 3, 17, 19, 22]);

/** As bytes, so that the hash covers exactly the received bytes in any encoding. */
async function documentOf(bytes: Uint8Array, openpgp: OpenPgp): Promise<LiteralDataPacket> {
  const message = await openpgp.createMessage({ binary: bytes });
  const [document] = message.packets;
  if (document instanceof openpgp.LiteralDataPacket) return document;
  throw new Error("OpenPGP.js made a message without a literal data packet");
}
