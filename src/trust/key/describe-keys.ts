import type { PublicKey, Subkey } from "openpgp";
import { packetTags, splitPackets } from "../message/packets.ts";
import { keyConfig, loadOpenPgp, type OpenPgp } from "../signature/openpgp.ts";
import { dependsOnSha1, findKeyProblem, findUnsupportedCurve, readKeyInUse } from "./assess-key.ts";
import { findOtherUse } from "./key-mistake.ts";
import { type KeyPacketFacts, readKeyPacket } from "./key-packet.ts";
import type { Certificate, KeyIdentity } from "./keyring.ts";
import { isRevoked } from "./revocation.ts";
import { expiryByUserIds, findCertification } from "./user-id-expiry.ts";

/** A primary key or a subkey, as of a time. */
export interface DescribedKey extends KeyIdentity, KeyPacketFacts {
  readonly expiresAt: Date | undefined;
  readonly revoked: boolean;
  /** A Release that it signs now would count. */
  readonly canSign: boolean;
  /** Why it cannot sign, as the end of a sentence that starts with the key. */
  readonly problem: string | undefined;
  /** Its self-signatures use SHA-1, which newer versions of apt refuse. */
  readonly boundBySha1: boolean;
}

export interface DescribedUserId {
  /** As the key has it: it may contain anything. */
  readonly text: string;
  /** Anyone can add a user ID to a copy of a key; only the key itself can certify it. */
  readonly state: "certified" | "revoked" | "uncertified";
}

export interface DescribedCertificate {
  readonly primary: DescribedKey;
  readonly userIds: readonly DescribedUserId[];
  readonly subkeys: readonly DescribedKey[];
}

/** Describes a key with its user IDs and subkeys. Never throws because of the key. */
export async function describeCertificate(
  certificate: Certificate,
  now: Date,
): Promise<DescribedCertificate> {
  const openpgp = await loadOpenPgp();
  const [primary, ...subkeys] = await Promise.all(
    certificate.keys.map((key, index) => describeKey(certificate, key, index, now, openpgp)),
  );
  if (primary === undefined) throw new Error("a certificate begins with its primary key");
  return { primary, userIds: await describeUserIds(certificate, now, openpgp), subkeys };
}

async function describeKey(
  certificate: Certificate,
  identity: KeyIdentity,
  index: number,
  now: Date,
  openpgp: OpenPgp,
): Promise<DescribedKey> {
  const facts = readKeyPacket(keyBodies(certificate)[index] ?? new Uint8Array());
  const signer = { ...identity, primaryFingerprint: certificate.primary.fingerprint };
  const described = { ...identity, ...facts };
  const key = await readKeyInUse(certificate, signer, now, openpgp);
  if (key instanceof Error) {
    const problem = `cannot be read: ${key.message}`;
    return {
      ...described,
      expiresAt: undefined,
      revoked: false,
      canSign: false,
      problem,
      boundBySha1: false,
    };
  }
  const problem =
    findOtherUse(key.signing) ?? (findUnsupportedCurve(key) ?? (await findKeyProblem(key, openpgp)))?.reason;
  return {
    ...described,
    expiresAt: await expiryOf(key.signing, key.primary, now, openpgp),
    revoked: await isRevoked(key.signing, key.primary, openpgp),
    canSign: problem === undefined,
    problem,
    boundBySha1: await dependsOnSha1(key, openpgp),
  };
}

const keyTags: readonly number[] = [packetTags.publicKey, packetTags.publicSubkey];

/** In the order of `keys`. */
function keyBodies({ bytes }: Certificate): readonly Uint8Array[] {
  return [...splitPackets(bytes, "key")].filter(({ tag }) => keyTags.includes(tag)).map(({ body }) => body);
}

/** Returns the expiry that the key itself names. A subkey does not outlive its primary key, whatever it says. */
async function expiryOf(
  key: PublicKey | Subkey,
  primary: PublicKey,
  now: Date,
  openpgp: OpenPgp,
): Promise<Date | undefined> {
  const config = keyConfig(openpgp);
  const expiry =
    key instanceof openpgp.Subkey
      ? await key.getExpirationTime(now, config)
      : ((await expiryByUserIds(primary, now, openpgp)) ??
        (await primary.getExpirationTime(undefined, config)));
  return expiry instanceof Date ? expiry : undefined;
}

async function describeUserIds(
  certificate: Certificate,
  now: Date,
  openpgp: OpenPgp,
): Promise<readonly DescribedUserId[]> {
  const signer = { ...certificate.primary, primaryFingerprint: certificate.primary.fingerprint };
  const key = await readKeyInUse(certificate, signer, now, openpgp);
  if (key instanceof Error) return userIdTexts(certificate).map((text) => ({ text, state: "uncertified" }));
  const described: DescribedUserId[] = [];
  for (const user of key.primary.users) {
    if (user.userID === null) continue; // a picture
    const certification = await findCertification(user, key.primary, now, openpgp);
    const state =
      certification === undefined ? "uncertified" : certification.isRevoked ? "revoked" : "certified";
    described.push({ text: user.userID.userID, state });
  }
  return described;
}

function userIdTexts({ bytes }: Certificate): readonly string[] {
  return [...splitPackets(bytes, "key")]
    .filter(({ tag }) => tag === packetTags.userId)
    .map(({ body }) => new TextDecoder().decode(body));
}
