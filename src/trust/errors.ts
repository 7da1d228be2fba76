import { MirrorctlError } from "../errors.ts";

export type TrustCode =
  // The form of the received bytes.
  | "FRAMING_INVALID"
  | "ARMOR_INVALID"
  | "PACKET_INVALID"
  // The configured keys.
  | "KEYRING_EMPTY"
  | "KEYRING_UNSUPPORTED"
  | "KEYRING_UNREADABLE"
  // The signatures.
  | "SIGNATURE_MISSING"
  | "SIGNATURE_INVALID"
  | "SIGNATURE_EXPIRED"
  | "SIGNATURE_FUTURE"
  | "SIGNATURE_UNSUPPORTED"
  | "SIGNER_UNKNOWN"
  | "KEY_EXPIRED"
  | "KEY_REVOKED"
  | "KEY_WEAK"
  | "KEY_UNUSABLE"
  | "DIGEST_WEAK"
  // The signed text, compared with the clock and the held Release.
  | "RELEASE_EXPIRED"
  | "RELEASE_OLDER"
  | "RELEASE_FUTURE"
  | "RELEASE_RENAMED"
  // Files, compared with a trusted list.
  | "SIZE_MISMATCH"
  | "DIGEST_MISMATCH"
  | "DIGEST_MISSING";

/** The bytes cannot be trusted, or the configuration does not say which keys to trust. */
export class TrustError extends MirrorctlError<TrustCode> {
  override readonly area = "trust";
}

/** The hint for bytes that are not whole, of a signature or of a file of keys. */
export const damagedHint =
  "The file was cut short or altered. Download it again; if it stays so, tell its owner.";

/**
 * Adds the file to an error: before its message, or below it if the message is public or names the file itself. Returns
 * any error other than a TrustError unchanged.
 */
export function locateTrustError(error: unknown, place: string): unknown {
  if (!(error instanceof TrustError)) return error;
  const { code, message, facts, hint } = error;
  const details = { facts: { place, ...facts }, cause: error };
  if (!code.startsWith("RELEASE_")) {
    return new TrustError(code, message, {
      ...details,
      hint: hint === undefined ? place : `${place}: ${hint}`,
    });
  }
  return new TrustError(code, `${place}: ${message}`, {
    ...details,
    ...(hint === undefined ? {} : { hint }),
  });
}
