import type { PublicKey, SignaturePacket, User } from "openpgp";
import { keyConfig, type OpenPgp } from "../signature/openpgp.ts";

/**
 * Returns the expiry that user IDs give a key, if any does. As in gpgv, the one that was certified last decides; the
 * library looks only at the primary user ID.
 */
export async function expiryByUserIds(
  primary: PublicKey,
  now: Date,
  openpgp: OpenPgp,
): Promise<Date | undefined> {
  const certifications: SignaturePacket[] = [];
  for (const user of primary.users) {
    const latest = await findCertification(user, primary, now, openpgp);
    if (latest?.isRevoked === false) certifications.push(latest.signature);
  }
  const [decisive] = certifications.filter(({ keyExpirationTime }) => keyExpirationTime).toSorted(byAge);
  const seconds = decisive?.keyExpirationTime ?? undefined;
  return seconds === undefined ? undefined : new Date(primary.getCreationTime().getTime() + seconds * 1000);
}

interface Certification {
  readonly signature: SignaturePacket;
  readonly isRevoked: boolean;
}

/** Returns the newest valid self-signature of a user ID, or undefined if the key never certified that it is its own. */
export async function findCertification(
  user: User,
  primary: PublicKey,
  now: Date,
  openpgp: OpenPgp,
): Promise<Certification | undefined> {
  const config = keyConfig(openpgp);
  const certified = { userID: user.userID, userAttribute: user.userAttribute, key: primary.keyPacket };
  for (const signature of user.selfCertifications.toSorted(byAge)) {
    try {
      const { certGeneric } = openpgp.enums.signature;
      await signature.verify(primary.keyPacket, certGeneric, certified, now, false, config);
    } catch (error) {
      // The library throws a plain Error without a code for every signature that does not verify.
      if (error instanceof Error) continue;
      throw error;
    }
    return { signature, isRevoked: await user.isRevoked(signature, undefined, now, config) };
  }
  return undefined;
}

/** Sorts the newest first. */
const byAge = (a: SignaturePacket, b: SignaturePacket): number => Number(b.created) - Number(a.created);
