import { equal } from "node:assert/strict";
import * as openpgp from "openpgp";
import { verifyInRelease } from "../../../src/trust/index.ts";
import { frameInRelease } from "../../../src/trust/message/framing.ts";
import { signPacket } from "../../../src/trust/signature/sign-packet.fixture.ts";
import { policyFor } from "../../../src/trust/test-support.ts";
import { createGnupg, runProgram } from "../../support/index.ts";
import type { Oracle } from "../engine/target.ts";
import { attemptAsync } from "../targets/properties.ts";
import { checkStatus, fewAtOnce, openGpgv } from "./gpgv.ts";
import { withSignature } from "./with-signature.ts";

/**
 * Checks clearsigned files with real gpgv and apt. A real key signs what mirrorctl would hash, and the signature
 * replaces those in the file. If mirrorctl then accepts the file, gpgv must call the signature good and output the same
 * text, and apt must accept it. Otherwise a signed file could mean one text to mirrorctl and another to others.
 */
export async function openClearsignedOracle(): Promise<Oracle> {
  const key = await newSigningKey();
  const publicKey = key.toPublic().write();
  const policy = await policyFor([publicKey]);
  const gpgv = await openGpgv();
  const compare = async (input: Uint8Array): Promise<void> => {
    const { text, signedBytes } = frameInRelease(input);
    const signed = withSignature(input, await signatureOver(signedBytes, key));
    const ours = await attemptAsync(() => verifyInRelease(signed, { ...policy, now: new Date() }));
    if (ours.kind === "refused") return;
    equal(ours.value.text, text, "the text depends on the signature");
    const { status, text: gpgvText } = await gpgv.verify(publicKey, signed);
    checkStatus(status);
    equal(withoutLineEnds(text), withoutLineEnds(gpgvText), "gpgv finds another text");
    await gpgv.acceptByApt(publicKey, signed);
  };
  return {
    compare: (inputs) => fewAtOnce(inputs, compare),
    [Symbol.asyncDispose]: () => gpgv[Symbol.asyncDispose](),
  };
}

/** A real GnuPG key whose secret key this process uses: starting gpg takes longer than signing. */
async function newSigningKey(): Promise<openpgp.PrivateKey> {
  await using gnupg = await createGnupg();
  const { stdout } = await runProgram("gpg", ["--batch", "--export-secret-keys"], { env: gnupg.env });
  return await openpgp.readPrivateKey({ binaryKey: stdout });
}

/** A text signature, as clearsigned files have it; apt checks the text itself, without the CRs of the signed form. */
async function signatureOver(bytes: Uint8Array, key: openpgp.PrivateKey): Promise<Uint8Array> {
  const { packets } = await openpgp.createMessage({ binary: bytes });
  const { keyPacket } = await key.getSigningKey();
  const signature = new openpgp.SignaturePacket();
  signature.signatureType = openpgp.enums.signature.text;
  // SHA-512, as withSignature writes in the header.
  await signPacket(signature, keyPacket, packets[0] ?? {}, openpgp.enums.hash.sha512);
  const list = new openpgp.PacketList<openpgp.SignaturePacket>();
  list.push(signature);
  return list.write();
}

/** White space at the end of lines is not signed (RFC 9580 7.2), but gpgv outputs some of it. */
const withoutLineEnds = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.replace(/[\t\r ]+$/, ""))
    .join("\n");
