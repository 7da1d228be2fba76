import { equal, ok } from "node:assert/strict";
import { type VerifiedRelease, verifyDetached } from "../../../src/trust/index.ts";
import { type Packet, splitPackets } from "../../../src/trust/message/packets.ts";
import { policyFor } from "../../../src/trust/test-support.ts";
import type { FuzzTarget } from "../engine/target.ts";
import * as fixtures from "../fixtures/index.ts";
import { openSignatureOracle, type SignedFile } from "../oracles/gpgv.ts";
import { accepted, attempt, attemptAsync, refused } from "./properties.ts";
import { armorWords } from "./words.ts";

const policy = await policyFor([fixtures.keyring], { now: fixtures.now });

const armored = (bytes: Uint8Array): Buffer =>
  Buffer.from(
    `-----BEGIN PGP SIGNATURE-----\n\n${Buffer.from(bytes).toString("base64")}\n-----END PGP SIGNATURE-----\n`,
  );

/** The packets of a detached signature, by keys of the keyring or others. */
export const signature: FuzzTarget = {
  name: "signature",
  dictionary: armorWords.concat(
    "\x88",
    "\xc2",
    "\x02\0",
    "\xff\0\0\0\0",
    "\x05\x02",
    "\x09\x10",
    "\x16\x21\x04",
  ),
  async check(input) {
    const packets = attempt(() => [...splitPackets(input, "Release.gpg")]);
    if (packets.kind === "accepted") checkPackets(packets.value, input);
    const verified = await attemptAsync(() => verify(input));
    if (verified.kind === "refused") return refused(verified.error);
    ok(packets.kind === "accepted", "accepted without packets");
    const { text, signedBy, notes } = verified.value;
    equal(text, fixtures.release.toString("latin1"));
    ok(signedBy.length > 0, "accepted without signer");
    for (const key of signedBy) equal(key.primaryFingerprint, fixtures.fingerprint);
    return accepted(packets.value.length, signedBy.length, notes.length);
  },
  oracle: { askOneIn: 1, open: () => openSignatureOracle(fileOf) },
};

const verify = (input: Uint8Array): Promise<VerifiedRelease> =>
  verifyDetached(fixtures.release, armored(input), policy);

/** Removes the signatures that are ignored: gpgv does not know their versions, and fails if one comes first. */
function fileOf(input: Uint8Array): SignedFile {
  const known = [...splitPackets(input, "Release.gpg")].filter(({ body }) => body[0] !== 5 && body[0] !== 6);
  const bytes = Buffer.concat(known.map((packet) => packet.bytes));
  return { keyring: fixtures.keyring, signature: bytes, signed: fixtures.release };
}

/** Checks that each packet is whole: it has all its bytes, and none of the next one. */
function checkPackets(packets: readonly Packet[], input: Uint8Array): void {
  ok(Buffer.concat(packets.map(({ bytes }) => bytes)).equals(input), "bytes are lost between packets");
  const next = Uint8Array.of(0xc2, 0); // a signature of no bytes
  const withNext = [...splitPackets(Buffer.concat([input, next]), "Release.gpg")];
  equal(withNext.length, packets.length + 1, "a packet takes what follows it");
  for (const { tag, bytes, body } of packets) {
    ok(tag >= 0 && tag < 64, `the type ${tag}`);
    ok(
      Buffer.from(bytes)
        .subarray(bytes.length - body.length)
        .equals(body),
      "a body that is not in its packet",
    );
  }
}
