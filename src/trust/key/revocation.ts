import type { enums, PublicKey, SignaturePacket, Subkey } from "openpgp";
import { acceptsDigest, anyDigestConfig, isOnEdwardsCurve, type OpenPgp } from "../signature/openpgp.ts";

/**
 * Returns true if a key or its primary key was revoked. As in gpgv, date and digest do not matter: the library alone
 * overlooks a revocation with a digest that it would not sign with, and one from a clock that is ahead.
 */
export async function isRevoked(
  signing: PublicKey | Subkey,
  primary: PublicKey,
  openpgp: OpenPgp,
): Promise<boolean> {
  const { keyRevocation, subkeyRevocation } = openpgp.enums.signature;
  const key = primary.keyPacket;
  for (const revocation of primary.revocationSignatures) {
    if (await isRight(revocation, primary, keyRevocation, { key }, openpgp)) return true;
  }
  if (signing === primary) return false;
  const subkey = { key, bind: signing.keyPacket };
  for (const revocation of signing.revocationSignatures) {
    if (await isRight(revocation, primary, subkeyRevocation, subkey, openpgp)) return true;
  }
  return false;
}

async function isRight(
  revocation: SignaturePacket,
  primary: PublicKey,
  type: enums.signature,
  revoked: object,
  openpgp: OpenPgp,
): Promise<boolean> {
  if (!revocation.issuerKeyID.equals(primary.getKeyID())) return false;
  // On Edwards curves the library does not try such a digest: a possible revocation counts as one.
  if (isOnEdwardsCurve(primary) && !acceptsDigest(openpgp, revocation.hashAlgorithm)) return true;
  const asOf = revocation.created ?? undefined;
  try {
    await revocation.verify(primary.keyPacket, type, revoked, asOf, false, anyDigestConfig(openpgp));
    return true;
  } catch (error) {
    // The library throws a plain Error without a code for every signature that does not verify.
    if (error instanceof Error) return false;
    throw error;
  }
}
