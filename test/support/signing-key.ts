import {
  createCleartextMessage,
  createMessage,
  generateKey,
  type PartialConfig,
  type PrivateKey,
  sign,
} from "openpgp";

export interface SigningKeyOptions {
  readonly name?: string;
  /** Sign with a sub-key, as most archives do; the primary key then only certifies. */
  readonly subkey?: boolean;
  readonly createdAt?: Date;
  /** The time when the key expires; `date` must be earlier. Default: never. */
  readonly expiresAt?: Date;
}

export interface SignOptions {
  /** The time of the signature; not before the key, and not later than now. */
  readonly date?: Date;
}

export interface SigningKey {
  /** Fingerprint of the primary key: 40 upper-case hexadecimal digits. */
  readonly fingerprint: string;
  /** The last 16 digits of `fingerprint`. */
  readonly keyId: string;
  /** ID of the key that signs: the sub-key if there is one. */
  readonly signingFingerprint: string;
  readonly publicKeyArmored: string;
  readonly publicKeyBinary: Uint8Array;
  readonly privateKey: PrivateKey;
  /** Returns an InRelease for a Release. */
  clearsign(text: string, options?: SignOptions): Promise<string>;
  /** Returns a Release.gpg for a Release, armored, because apt refuses binary ones. */
  detachSign(text: string, options?: SignOptions): Promise<string>;
}

/** Makes an ed25519 key in the form that every gpgv and sqv knows: version 4, "legacy" EdDSA. */
export async function createSigningKey(options: SigningKeyOptions = {}): Promise<SigningKey> {
  const createdAt = options.createdAt ?? new Date("2020-01-01T00:00:00Z");
  const { privateKey, publicKey } = await generateKey({
    type: "ecc",
    curve: "ed25519Legacy",
    userIDs: { name: options.name ?? "Test Archive Key", email: "archive@example.org" },
    subkeys: options.subkey === true ? [{ sign: true }] : [],
    date: createdAt,
    keyExpirationTime:
      options.expiresAt === undefined ? 0 : (options.expiresAt.getTime() - createdAt.getTime()) / 1000,
    format: "object",
    config: formOfGnuPg,
  });
  const fingerprint = publicKey.getFingerprint().toUpperCase();
  const signing = privateKey.subkeys[0] ?? privateKey;
  const key: SigningKey = {
    fingerprint,
    keyId: fingerprint.slice(-16),
    signingFingerprint: signing.getFingerprint().toUpperCase(),
    publicKeyArmored: publicKey.armor(),
    publicKeyBinary: publicKey.write(),
    privateKey,
    clearsign: (text, signOptions) => clearsign(text, [key], signOptions),
    detachSign: (text, signOptions) => detachSign(text, [key], signOptions),
  };
  return key;
}

/** Returns one clearsigned file with a signature by each key, such as Debian's with three. */
export async function clearsign(
  text: string,
  keys: readonly SigningKey[],
  options: SignOptions = {},
): Promise<string> {
  // RFC 9580 7.1: the line ending before the signature's armor is not signed.
  const message = await createCleartextMessage({ text: text.replace(/\n$/, "") });
  const signed = await sign({ message, ...signWith(keys, options) });
  return signed.replaceAll("\r\n", "\n");
}

/** Returns one armored file with a signature by each key. */
export async function detachSign(
  text: string,
  keys: readonly SigningKey[],
  options: SignOptions = {},
): Promise<string> {
  const message = await createMessage({ binary: Buffer.from(text) });
  const signature = await sign({ message, detached: true, ...signWith(keys, options) });
  return signature.replaceAll("\r\n", "\n");
}

/** Writes version 4 packets, and the same signature for the same text and date. */
const formOfGnuPg: PartialConfig = { v6Keys: false, nonDeterministicSignaturesViaNotation: false };

function signWith(keys: readonly SigningKey[], options: SignOptions) {
  const created = keys.map((key) => key.privateKey.getCreationTime().getTime());
  const wanted = Math.max(options.date?.getTime() ?? Infinity, ...created);
  return {
    signingKeys: keys.map((key) => key.privateKey),
    date: new Date(Math.min(wanted, Date.now())),
    config: formOfGnuPg,
  };
}
