import type { Certificate, KeyIdentity, Keyring } from "../key/keyring.ts";

/** A key whose good signature was found. */
export interface SigningKey {
  /** 16 upper-case hexadecimal digits of the key that signed; it may be a subkey. */
  readonly keyId: string;
  readonly fingerprint: string;
  readonly primaryFingerprint: string;
}

/** The keys whose signatures count, and the time. */
export interface SignaturePolicy {
  /** The id of the mirror, for hints. */
  readonly mirror: string;
  readonly keyring: Keyring;
  readonly now: Date;
  /**
   * Fingerprints, as in apt's Signed-By: that of a primary key includes its signing subkeys, and one with "!" at the
   * end means exactly that key or subkey. Empty: any key of the ring.
   */
  readonly signedBy: readonly string[];
  /** Exceptions, accepted with a warning: signatures of the future, and those by keys that have expired since. */
  readonly allow: { readonly future: boolean; readonly expiredKeys: boolean };
}

/** One key of the ring that could have issued a signature. */
export interface Candidate {
  readonly certificate: Certificate;
  readonly signer: SigningKey;
}

/** Returns the keys with this key ID that may sign: several if the ring has copies of a key. */
export function findCandidates(keyId: string, policy: SignaturePolicy): readonly Candidate[] {
  return holdersOf(keyId, policy.keyring).filter(({ signer }) => isAllowed(signer, policy.signedBy));
}

/** Returns true for a key of the ring that the policy does not name. */
export function isConfiguredButNotAllowed(keyId: string, policy: SignaturePolicy): boolean {
  return holdersOf(keyId, policy.keyring).length > 0 && findCandidates(keyId, policy).length === 0;
}

/** Returns the keys with this key ID, whether or not they may sign. */
export function holdersOf(keyId: string, keyring: Keyring): readonly Candidate[] {
  return keyring.certificates.flatMap((certificate) =>
    certificate.keys
      .filter((key) => key.keyId === keyId)
      .map((key) => ({ certificate, signer: signingKey(key, certificate) })),
  );
}

function signingKey(key: KeyIdentity, certificate: Certificate): SigningKey {
  return { ...key, primaryFingerprint: certificate.primary.fingerprint };
}

/** Returns true if the fingerprints name the key that signed or its primary key, or if there are none. */
export function isAllowed(signer: SigningKey, signedBy: readonly string[]): boolean {
  if (signedBy.length === 0) return true;
  return signedBy.map(normaliseFingerprint).some((entry) => {
    if (entry.endsWith("!")) return signer.fingerprint === entry.slice(0, -1);
    return signer.fingerprint === entry || signer.primaryFingerprint === entry;
  });
}

/** Normalises a fingerprint as gpg prints it: in groups, in either case, sometimes after 0x. */
function normaliseFingerprint(text: string): string {
  return text.replace(/\s/g, "").toUpperCase().replace(/^0X/, "");
}
