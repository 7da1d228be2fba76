/** The unsigned parts of a signature, which anybody can change, compared with gpgv. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesOf, Gpg, outcomeOf, packetsOf, policyFor, withSignatures } from "../test-support.ts";
import { verifyInRelease } from "../verify.ts";

const text = "Origin: test\n";
let gpg: Gpg;
/** The public keys of all signers. */
let ring: Buffer;
/** A file that alice signed. */
let signed: string;

beforeAll(() => {
  gpg = new Gpg();
  for (const name of ["alice", "bob"]) gpg.makeKey(name);
  gpg.makeKey("rsa", "rsa2048");
  ring = gpg.export("alice", "bob", "rsa");
  signed = gpg.clearsign(text, ["alice"]);
});
afterAll(() => gpg.close());

const by = (name: string, body = text, ...args: string[]): Buffer =>
  packetsOf(gpg.clearsign(body, [name], undefined, ...args));
const fileWith = (...packets: readonly Uint8Array[]): string => withSignatures(signed, ...packets);
const outcomeWith = async (...packets: readonly Uint8Array[]): Promise<string> =>
  outcomeOf(verifyInRelease(bytesOf(fileWith(...packets)), await policyFor([ring])));
const gpgvOf = (...packets: readonly Uint8Array[]): string[] => gpg.gpgv(ring, fileWith(...packets));

/** The unhashed area as gpg writes it: only the key ID. */
const keyIdOnly = Buffer.from([0, 10, 9, 16]);

/** Adds subpackets to the beginning of the unsigned area. */
function withUnsigned(packet: Buffer, more: readonly number[]): Buffer {
  const bodyAt = (packet.readUInt8(0) & 3) === 0 ? 2 : 3;
  const areaAt = packet.lastIndexOf(keyIdOnly);
  const length = Buffer.from([0, more.length + 10]);
  const rest = packet.subarray(areaAt + 2);
  const body = Buffer.concat([packet.subarray(bodyAt, areaAt), length, Buffer.from(more), rest]);
  return Buffer.concat([Buffer.from([0x89, body.length >> 8, body.length & 0xff]), body]);
}

test("a critical part there is accepted only if gpgv accepts it", async () => {
  const packet = by("alice");
  const withCritical = (type: number): Buffer => withUnsigned(packet, [5, type | 0x80, 7, 7, 7, 7]);
  const taken: number[] = [];
  for (let type = 0; type < 128; type++)
    if ((await outcomeWith(withCritical(type))) === "accepted") taken.push(type);
  expect(taken).toContain(2);
  expect(taken).not.toContain(100);
  for (const type of taken) expect(gpgvOf(withCritical(type)), `${type}`).toEqual(["GOODSIG"]);
  expect(gpgvOf(withCritical(100))).toEqual(["BADSIG"]);
}, 60_000);

/** Names another key there, by ID and fingerprint, instead of its own. */
function naming(packet: Buffer, fingerprint: Uint8Array): Buffer {
  const areaAt = packet.lastIndexOf(keyIdOnly);
  const swapped = Buffer.concat([
    packet.subarray(0, areaAt),
    keyIdOnly,
    fingerprint.subarray(12),
    packet.subarray(areaAt + 12),
  ]);
  return withUnsigned(swapped, [22, 33, 4, ...fingerprint]);
}

test("a bad signature cannot be turned into one by an unknown key", async () => {
  const packet = naming(by("bob", "Origin: evil\n"), new Uint8Array(20));
  expect(gpgvOf(by("alice"), packet)).toEqual(["GOODSIG", "BADSIG"]);
  expect(await outcomeWith(by("alice"), packet)).toBe("SIGNATURE_INVALID");
});

test("a signature that may be bad is refused beside a good one", async () => {
  const forEncryption = by("rsa");
  forEncryption.writeUInt8(16, 5); // after three bytes of header, the version and the type
  expect(gpgvOf(by("alice"), forEncryption)).toEqual(["GOODSIG", "BADSIG"]);
  expect(await outcomeWith(by("alice"), forEncryption)).toBe("SIGNATURE_UNSUPPORTED");
});
