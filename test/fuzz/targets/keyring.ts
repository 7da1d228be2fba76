import { equal, match } from "node:assert/strict";
import { type Keyring, readKeyring, verifyDetached } from "../../../src/trust/index.ts";
import { policyFor } from "../../../src/trust/test-support.ts";
import type { FuzzTarget } from "../engine/target.ts";
import * as fixtures from "../fixtures/index.ts";
import { accepted, attemptAsync, refused } from "./properties.ts";
import { armorWords } from "./words.ts";

const read = (input: Uint8Array): Promise<Keyring> => readKeyring([{ name: "archive.gpg", bytes: input }]);

const certificatesOf = ({ certificates }: Keyring): Buffer =>
  Buffer.concat(certificates.map(({ bytes }) => bytes));

const armoredSignature = Buffer.from(
  `-----BEGIN PGP SIGNATURE-----\n\n${fixtures.signature.toString("base64")}\n-----END PGP SIGNATURE-----\n`,
);

/** Files of keys, used on a good signature: no other key may verify it, whatever the file looks like. */
export const keyring: FuzzTarget = {
  name: "keyring",
  dictionary: armorWords.concat(
    "\x98\x33\x04",
    "\xb9\x01\x0d",
    "\xb4",
    "\x88\x90\x04\x13",
    "\x88\x78\x04\x18",
  ),
  async check(input) {
    const keys = await attemptAsync(() => read(input));
    if (keys.kind === "refused") return refused(keys.error);
    const { certificates } = keys.value;
    for (const { fingerprint, keyId } of certificates.flatMap((certificate) => certificate.keys)) {
      match(fingerprint, /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/);
      match(keyId, /^[0-9A-F]{16}$/);
    }
    const again = await read(certificatesOf(keys.value));
    equal(JSON.stringify(again), JSON.stringify(keys.value), "written and read again");
    const policy = await policyFor([input], { now: fixtures.now });
    const verified = await attemptAsync(() => verifyDetached(fixtures.release, armoredSignature, policy));
    if (verified.kind === "refused") return refused(verified.error);
    equal(verified.value.signedBy.map((key) => key.fingerprint).join(), fixtures.fingerprint);
    return accepted(certificates.length, verified.value.notes.length);
  },
};
