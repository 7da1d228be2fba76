import type { PublicKey, Subkey } from "openpgp";

interface DatedKey {
  readonly primary: PublicKey;
  readonly signing: PublicKey | Subkey;
  readonly now: Date;
}

/** Returns why a key cannot sign that is neither weak, expired nor revoked; undefined if that is not known. */
export function findMistake({ primary, signing, now }: DatedKey): string | undefined {
  const dated = [primary, signing].map((key) => key.getCreationTime()).find((created) => created > now);
  if (dated !== undefined) return `is dated ${dated.toISOString()}, and it is ${now.toISOString()} here`;
  return findOtherUse(signing);
}

/** Returns the words for a subkey that its owner made for something else, such as encryption. */
export function findOtherUse(signing: PublicKey | Subkey): string | undefined {
  const bindings = "bindingSignatures" in signing ? signing.bindingSignatures : [];
  const flags = bindings.map(({ keyFlags }) => keyFlags?.[0]);
  const isForOtherUse =
    flags.length > 0 && flags.every((flag) => flag !== undefined && (flag & signFlag) === 0);
  return isForOtherUse ? "is not for signing" : undefined;
}

/** RFC 9580 5.2.3.29 */
const signFlag = 0x02;
