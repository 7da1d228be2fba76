import * as openpgp from "openpgp";

/** The library's sign(). Its declared type lacks its last parameter, which is required, and all data but bytes. */
interface Signer {
  sign(
    key: openpgp.SecretKeyPacket,
    data: object,
    date: Date,
    detached: boolean,
    config: openpgp.Config,
  ): Promise<void>;
}

/** Completes a signature of any type over any data, even if the library or gpg would refuse to make it. */
export async function signPacket(
  packet: openpgp.SignaturePacket,
  key: openpgp.AnyKeyPacket,
  data: object,
  hashAlgorithm: openpgp.enums.hash,
): Promise<void> {
  if (!(key instanceof openpgp.SecretKeyPacket)) throw new TypeError("only a secret key signs");
  packet.hashAlgorithm = hashAlgorithm;
  packet.publicKeyAlgorithm = key.algorithm;
  const signer: Signer = packet;
  await signer.sign(key, data, new Date(), true, openpgp.config);
}
