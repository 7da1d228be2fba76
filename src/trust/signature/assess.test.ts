import * as openpgp from "openpgp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readKeyring } from "../key/keyring.ts";
import { splitPackets } from "../message/packets.ts";
import { bytesOf, Gpg, outcomeOf, packetsOf, policyFor, withSignatures } from "../test-support.ts";
import { verifyInRelease } from "../verify.ts";
import type { SignaturePolicy } from "./policy.ts";
import { signPacket } from "./sign-packet.fixture.ts";

const text = "Origin: test\n";
const { signature: types, hash: hashes } = openpgp.enums;
let gpg: Gpg;
const oldCopies = new Map<string, Buffer>();
const oldFiles = new Map<string, string>();

beforeAll(() => {
  gpg = new Gpg();
  for (const name of ["alice", "bob", "adopter"]) gpg.makeKey(name);
  gpg.makeKey("revoked");
  gpg.makeKey("revoked-sub");
  gpg.addSubkey("revoked-sub");
  const prolonged = gpg.makeKey("prolonged", "ed25519", { at: "20200101T000000", expires: "1y" });
  for (const name of ["revoked", "revoked-sub"]) oldFiles.set(name, gpg.clearsign(text, [name]));
  for (const name of ["revoked", "revoked-sub", "prolonged"]) oldCopies.set(name, gpg.export(name));
  gpg.revoke("revoked");
  gpg.revokeSubkey("revoked-sub");
  gpg.run(["--quick-set-expire", prolonged, "never"]);
});
afterAll(() => gpg.close());

const copyOf = (name: string, age: "old" | "new"): Uint8Array =>
  (age === "old" ? oldCopies.get(name) : undefined) ?? gpg.export(name);

async function verifyWith(
  file: string,
  name: string,
  ages: readonly ("old" | "new")[],
  options: Partial<SignaturePolicy> = {},
): Promise<string> {
  const policy = await policyFor(
    ages.map((age) => copyOf(name, age)),
    options,
  );
  return outcomeOf(verifyInRelease(bytesOf(file), policy));
}

describe("a key with several copies in the ring", () => {
  test.each(["revoked", "revoked-sub"])("counts as revoked if one of them is (%s)", async (name) => {
    const file = oldFiles.get(name) ?? "";
    expect(await verifyWith(file, name, ["old"])).toBe("accepted");
    expect(await verifyWith(file, name, ["old", "new"])).toBe("KEY_REVOKED");
    expect(await verifyWith(file, name, ["new", "old"])).toBe("KEY_REVOKED");
  });

  test("is good if one of them has a later expiry", async () => {
    const file = gpg.clearsign(text, ["prolonged"]);
    expect(await verifyWith(file, "prolonged", ["old"])).toBe("KEY_EXPIRED");
    expect(await verifyWith(file, "prolonged", ["old", "new"])).toBe("accepted");
    expect(await verifyWith(file, "prolonged", ["new", "old"])).toBe("accepted");
  });

  test("is not good for signatures after its expiry, even if expired keys are allowed", async () => {
    const file = gpg.clearsign(text, ["prolonged"]);
    const options = { allow: { future: false, expiredKeys: true } };
    expect(await verifyWith(file, "prolonged", ["old"], options)).toBe("KEY_EXPIRED");
    const early = gpg.clearsign(text, ["prolonged"], "20200601T000000");
    expect(await verifyWith(early, "prolonged", ["old"], options)).toBe("accepted");
  });

  test("is bad if the signature is, in all copies", async () => {
    const file = gpg.clearsign(text, ["prolonged"]).replace("test", "evil");
    expect(await verifyWith(file, "prolonged", ["old", "new"])).toBe("SIGNATURE_INVALID");
  });
});

/** Makes a signature that gpg refuses to make, with a key of gpg. */
async function signOddly(name: string, type: openpgp.enums.signature, data: object): Promise<string> {
  const secret = gpg.run(["--armor", "--export-secret-keys", name]).toString();
  const privateKey = await openpgp.readPrivateKey({ armoredKey: secret });
  const packet = new openpgp.SignaturePacket();
  packet.signatureType = type;
  await signPacket(packet, privateKey.keyPacket, data, hashes.sha256);
  const list = new openpgp.PacketList<openpgp.SignaturePacket>();
  list.push(packet);
  return withSignatures(gpg.clearsign(text, ["alice"]), list.write());
}

const documentOf = async (body: string): Promise<object> =>
  (await openpgp.createMessage({ binary: bytesOf(body) })).packets[0] ?? {};

describe("a signature is not accepted although its key made it", () => {
  test("over nothing", async () => {
    const file = await signOddly("alice", types.standalone, {});
    expect(await verifyWith(file, "alice", ["new"])).toBe("SIGNATURE_UNSUPPORTED");
  });

  test("by a key that may certify but not sign", async () => {
    gpg.run(["--quick-generate-key", "certifier <certifier@test>", "ed25519", "cert", "never"]);
    const file = await signOddly("certifier", types.binary, await documentOf("Origin: test"));
    expect(await verifyWith(file, "certifier", ["new"])).toBe("KEY_UNUSABLE");
  });
});

test("a user ID that is not the first can expire a key, as for gpgv", async () => {
  const fingerprint = gpg.makeKey("first-name", "ed25519", { at: "20200101T000000", expires: "1y" });
  const expired = gpg.export("first-name");
  gpg.run(["--quick-set-expire", fingerprint, "never"]);
  gpg.run(["--quick-add-uid", fingerprint, "second-name <second-name@test>"]);
  const packets = [...splitPackets(gpg.export("first-name"), "key")];
  const secondAt = packets.findIndex(({ body }) => Buffer.from(body).toString().startsWith("second-name"));
  const second = packets.slice(secondAt, secondAt + 2).map(({ bytes }) => bytes);
  const ring = Buffer.concat([expired, ...second]);
  const file = gpg.clearsign(text, [fingerprint]);
  expect(gpg.gpgv(ring, file)).toEqual(["EXPKEYSIG"]);
  expect(await outcomeOf(verifyInRelease(bytesOf(file), await policyFor([ring])))).toBe("KEY_EXPIRED");
});

test("a key with a user ID in latin1 counts, as for gpgv", async () => {
  const parameters =
    "%no-protection\nKey-Type: eddsa\nKey-Curve: ed25519\nKey-Usage: sign\nName-Real: J\xf6rg\n";
  gpg.run(["--utf8-strings", "--generate-key"], { input: bytesOf(parameters) });
  const ring = gpg.run(["--export", "rg"]);
  const file = gpg.run(["--local-user", "rg", "--clearsign"], { input: text }).toString();
  expect(gpg.gpgv(ring, file)).toEqual(["GOODSIG"]);
  expect(await outcomeOf(verifyInRelease(bytesOf(file), await policyFor([ring])))).toBe("accepted");
});

test("a binary signature counts, as for gpgv", async () => {
  const file = await signOddly("alice", types.binary, await documentOf("Origin: test"));
  expect(await verifyWith(file, "alice", ["new"])).toBe("accepted");
  expect(gpg.gpgv(gpg.export("alice"), file)).toEqual(["GOODSIG"]);
});

test("a key of an unsupported algorithm makes its signatures unusable", async () => {
  const key = gpg.export("alice");
  const algorithmAt = 7; // after the header, the version and the time of creation
  key.writeUInt8(99, algorithmAt);
  const { certificates } = await readKeyring([{ name: "odd.gpg", bytes: key }]);
  const signature = packetsOf(gpg.clearsign(text, ["alice"]));
  const [issuer = ""] = gpg.fingerprints("alice");
  const { fingerprint = "" } = certificates[0]?.primary ?? {};
  signature.write(fingerprint, signature.indexOf(Buffer.from(issuer, "hex")), "hex");
  signature.write(
    fingerprint.slice(-16),
    signature.lastIndexOf(Buffer.from(issuer.slice(-16), "hex")),
    "hex",
  );
  const file = bytesOf(withSignatures(gpg.clearsign(text, ["alice"]), signature));
  expect(await outcomeOf(verifyInRelease(file, await policyFor([key])))).toBe("KEY_UNUSABLE");
});

test("a subkey without a back signature counts for nothing, as for gpgv", async () => {
  // Otherwise the owner of a key in the ring could claim signatures of others.
  const adopter = await openpgp.readPrivateKey({
    armoredKey: gpg.run(["--armor", "--export-secret-keys", "adopter"]).toString(),
  });
  const victim = await openpgp.readKey({ binaryKey: gpg.export("alice") });
  const subkey = new openpgp.PublicSubkeyPacket();
  await subkey.read(victim.keyPacket.write());
  const binding = new openpgp.SignaturePacket();
  binding.signatureType = types.subkeyBinding;
  binding.keyFlags = Uint8Array.of(openpgp.enums.keyFlags.signData);
  await signPacket(binding, adopter.keyPacket, { key: adopter.keyPacket, bind: subkey }, hashes.sha256);
  const packets = new openpgp.PacketList<openpgp.BasePacket>();
  packets.push(subkey, binding);
  const ring = Buffer.concat([gpg.export("adopter"), packets.write()]);
  const file = gpg.clearsign(text, ["alice"]);
  expect(await outcomeOf(verifyInRelease(bytesOf(file), await policyFor([ring])))).toBe("KEY_UNUSABLE");
  expect(gpg.gpgv(ring, file)).toEqual(["ERRSIG"]);
});

describe("a bad signature is bad, for gpgv and here, although", () => {
  test.each([
    ["its key ID, which is not signed, was changed", "lastIndexOf" as const],
    ["its fingerprint was changed", "indexOf" as const],
  ])("%s", async (_case, where) => {
    const bad = packetsOf(gpg.clearsign("Origin: evil\n", ["alice"]));
    // It occurs twice: at the end of the fingerprint, and by itself.
    const keyId = Buffer.from(gpg.fingerprints("alice")[0]?.slice(-16) ?? "", "hex");
    bad.writeUInt8(keyId.readUInt8(0) ^ 1, bad[where](keyId));
    const good = packetsOf(gpg.clearsign(text, ["bob"]));
    const file = withSignatures(gpg.clearsign(text, ["bob"]), good, bad);
    const ring = gpg.export("alice", "bob");
    expect(gpg.gpgv(ring, file)).toEqual(["GOODSIG", "BADSIG"]);
    expect(await outcomeOf(verifyInRelease(bytesOf(file), await policyFor([ring])))).toBe(
      "SIGNATURE_INVALID",
    );
  });
});
