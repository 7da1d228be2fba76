import type { LiteralDataPacket, SignaturePacket } from "openpgp";
import { assessSignature, type Verdict } from "./assess-signature.ts";
import { decide } from "./decide.ts";
import { TrustError } from "./errors.ts";
import { frameInRelease, frameReleaseSignature } from "./framing.ts";
import { latin1Of } from "./lines.ts";
import { loadOpenPgp, type OpenPgp } from "./openpgp.ts";
import { type Packet, packetTags, splitPackets } from "./packets.ts";
import { findCandidates, type SignaturePolicy, type SigningKey } from "./policy.ts";
import { issuerOfOldSignature, isWholeSignature } from "./signature-structure.ts";

export interface VerifiedRelease {
  /** What was signed and nothing else, one character per byte (latin1). Parse this, never the file. */
  readonly text: string;
  /** Keys with a good signature, each once; at least one. */
  readonly signedBy: readonly SigningKey[];
  readonly warnings: readonly string[];
}

/** Verifies a clearsigned InRelease. Throws TrustError; see decide.ts for what is accepted. */
export async function verifyInRelease(bytes: Uint8Array, policy: SignaturePolicy): Promise<VerifiedRelease> {
  const { text, signedBytes, signatureBlocks } = frameInRelease(bytes);
  return { text, ...(await verifyBytes(signedBytes, signatureBlocks, "InRelease", policy)) };
}

/** Verifies a Release by its Release.gpg. Throws TrustError; see decide.ts for what is accepted. */
export async function verifyDetached(
  release: Uint8Array,
  signature: Uint8Array,
  policy: SignaturePolicy,
): Promise<VerifiedRelease> {
  const blocks = frameReleaseSignature(signature);
  return { text: latin1Of(release), ...(await verifyBytes(release, blocks, "Release.gpg", policy)) };
}

/**
 * The text that an InRelease says is signed, framed as strictly as for verification, its signatures unverified: for a
 * mirror whose administrator switched verification off. Throws TrustError FRAMING_INVALID or ARMOR_INVALID.
 */
export function readUnverifiedInRelease(bytes: Uint8Array): string {
  return frameInRelease(bytes).text;
}

async function verifyBytes(
  signedBytes: Uint8Array,
  signatureBlocks: readonly Uint8Array[],
  where: string,
  policy: SignaturePolicy,
): Promise<Omit<VerifiedRelease, "text">> {
  const openpgp = await loadOpenPgp();
  const document = await documentOf(signedBytes, openpgp);
  const packets = signaturePackets(signatureBlocks, where);
  for (const { body } of packets) refuseOldSignature(body, policy);
  const signatures: (SignaturePacket | undefined)[] = [];
  for (const packet of packets) signatures.push(await readSignature(packet, openpgp, where)); // all, before any is judged
  const verdicts = await Promise.all(
    signatures.map(async (signature) =>
      signature === undefined ? unreadableSignature : assessSignature(signature, document, policy, openpgp),
    ),
  );
  return decide(verdicts, policy);
}

/** Each costs a hash of the whole file and a public-key operation. Debian signs with three keys, four at times. */
const signaturesMax = 32;

/** Only signatures: a message of its own inside a signature block would be another document than the one shown. */
function signaturePackets(blocks: readonly Uint8Array[], where: string): readonly Packet[] {
  const packets = blocks
    .flatMap((block) => [...splitPackets(block, where)])
    .filter(({ tag }) => tag !== packetTags.marker);
  const stranger = packets.find(({ tag }) => tag !== packetTags.signature);
  if (stranger !== undefined) {
    const found = `expected only signatures (OpenPGP packets of type 2), found one of type ${stranger.tag}`;
    throw new TrustError("PACKET_INVALID", `${where}: ${found}`);
  }
  if (packets.length > signaturesMax) {
    throw new TrustError(
      "PACKET_INVALID",
      `${where}: ${packets.length} signatures, expected at most ${signaturesMax}`,
    );
  }
  return packets;
}

/** The library cannot tell whether it is bad, which would be reason enough to refuse the file. */
function refuseOldSignature(body: Uint8Array, policy: SignaturePolicy): void {
  const keyId = issuerOfOldSignature(body);
  if (keyId === undefined || findCandidates(keyId, policy).length === 0) return;
  const message = `PGP signature verification failed: the signature by key 0x${keyId} is of an old version, expected 4`;
  throw new TrustError("SIGNATURE_UNSUPPORTED", message, {
    hint: "Only the upstream can mend this, by signing anew with a current OpenPGP program.",
  });
}

/**
 * Undefined for one of a version or algorithm that is not known: RFC 9580 5.2.3 has these ignored. One that is known and
 * cannot be read is damaged, and so is one of version 4 that has not its parts, whatever the algorithm: gpgv then takes
 * nothing of the whole file, and neither do we.
 */
async function readSignature(
  { bytes, body }: Packet,
  openpgp: OpenPgp,
  where: string,
): Promise<SignaturePacket | undefined> {
  const [version = 0, , algorithm = 0] = body;
  const isOfVersion4 = version === 4;
  const isKnown = isOfVersion4 && knownAlgorithms.has(algorithm);
  const damaged = (cause?: unknown): TrustError =>
    new TrustError("PACKET_INVALID", `${where}: one of its signatures is damaged`, { cause });
  if (body.length === 0 || (isOfVersion4 && !isWholeSignature(body))) throw damaged();
  try {
    const [signature] = (await openpgp.readSignature({ binarySignature: bytes })).packets;
    if (signature instanceof openpgp.SignaturePacket) return signature;
  } catch (error) {
    // The library throws a plain Error without a code for every signature that it cannot read.
    if (!(error instanceof Error)) throw error;
    if (isKnown) throw damaged(error);
  }
  if (isKnown) throw damaged(); // the library passes over one that holds a signature of another version
  return undefined;
}

/** RSA, RSA for signatures alone, DSA, ECDSA and EdDSA, RFC 9580 9.1 and RFC 4880bis: those that gpgv looks into. */
const knownAlgorithms: ReadonlySet<number> = new Set([1, 3, 17, 19, 22]);

const unreadableSignature: Verdict = {
  kind: "unusable",
  code: "SIGNATURE_UNSUPPORTED",
  reason: "a signature is of a version or algorithm that is not supported",
};

/** As bytes, so that what is hashed is what was received, whatever its encoding. */
async function documentOf(bytes: Uint8Array, openpgp: OpenPgp): Promise<LiteralDataPacket> {
  const message = await openpgp.createMessage({ binary: bytes });
  const [document] = message.packets;
  if (document instanceof openpgp.LiteralDataPacket) return document;
  throw new Error("OpenPGP.js made a message without a literal data packet");
}
