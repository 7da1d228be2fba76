import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignerName, Signers } from "../signature/signers.fixture.ts";
import { type DescribedKey, describeCertificate } from "./describe-keys.ts";
import { readKeyring } from "./keyring.ts";

/** The keyrings of Debian have more kinds: old algorithms, revoked and expired keys. */
const names: readonly SignerName[] = [
  "nistp256",
  "secp256k1",
  "sha1-bound",
  "early",
  "expired",
  "revoked",
  "with-sub",
  "expired-sub",
  "expired-primary",
  "revoked-sub",
  "revoked-primary",
];

let signers: Signers;
beforeAll(() => {
  signers = new Signers(names);
}, 60_000);
afterAll(() => signers.close());

/** What gpg and mirrorctl both say of a key. */
interface Compared {
  readonly fingerprint: string;
  readonly bits: number | undefined;
  readonly created: number;
  readonly expires: number | undefined;
  readonly revoked: boolean;
  /** It is for signing, has not expired, and was not revoked. */
  readonly signs: boolean;
}

/** See doc/DETAILS of GnuPG for the columns. */
function byGpg(keys: Uint8Array): Compared[] {
  const listing = ["--show-keys", "--with-colons", "--with-subkey-fingerprint", "--fixed-list-mode"];
  const lines = signers.gpg.run(listing, { input: keys }).toString().split("\n");
  return lines.flatMap((line, index) => {
    const [record, validity = "", bits, , , created, expires, , , , , capabilities = ""] = line.split(":");
    if (record !== "pub" && record !== "sub") return [];
    const fingerprint =
      lines
        .slice(index)
        .find((later) => later.startsWith("fpr:"))
        ?.split(":")[9] ?? "";
    return {
      fingerprint,
      bits: Number(bits),
      created: Number(created),
      expires: expires === "" ? undefined : Number(expires),
      revoked: validity === "r",
      signs: capabilities.includes("s") && !["r", "e", "i"].includes(validity),
    };
  });
}

const seconds = (time: Date): number => time.getTime() / 1000;

const compared = (key: DescribedKey): Compared => ({
  fingerprint: key.fingerprint,
  bits: key.bits,
  created: seconds(key.createdAt),
  expires: key.expiresAt && seconds(key.expiresAt),
  revoked: key.revoked,
  signs: key.canSign,
});

async function describe(bytes: Uint8Array, now = new Date()) {
  const { certificates } = await readKeyring([{ name: "keys.gpg", bytes }]);
  return Promise.all(certificates.map((certificate) => describeCertificate(certificate, now)));
}

const keysOf = async (bytes: Uint8Array): Promise<readonly DescribedKey[]> =>
  (await describe(bytes)).flatMap(({ primary, subkeys }) => [primary, ...subkeys]);

/** Keys that gpg would let sign, and mirrorctl does not. */
const refused = /^is RSA of 1024 bits|^is on the curve (?:brainpool|secp256k1)|^is of the weak kind/;

/** What gpg says, except that keys that mirrorctl refuses do not sign. */
function expectedOf(ours: readonly DescribedKey[], gpg: readonly Compared[]): readonly Compared[] {
  const stricter = ours.filter(({ problem }) => refused.test(problem ?? "")).map((key) => key.fingerprint);
  return gpg.map((key) => (stricter.includes(key.fingerprint) ? { ...key, signs: false } : key));
}

test("gpg says the same of keys of every kind", async () => {
  for (const name of names) {
    const bytes = signers.export([name]);
    const keys = await keysOf(bytes);
    expect(keys.map(compared)).toEqual(expectedOf(keys, byGpg(bytes)));
  }
});

const debianKeyrings = ["keyring", "removed-keys"]
  .map((name) => `/usr/share/keyrings/debian-archive-${name}.gpg`)
  .filter((path) => existsSync(path));

test("gpg says the same of all keys of Debian, also of those that it no longer uses", async () => {
  expect(debianKeyrings).toHaveLength(2); // package debian-archive-keyring
  for (const path of debianKeyrings) {
    const bytes = readFileSync(path);
    const keys = await keysOf(bytes);
    expect(keys.map(compared)).toEqual(expectedOf(keys, byGpg(bytes)));
  }
});

const problemOf = async (name: SignerName): Promise<string | undefined> =>
  (await keysOf(signers.export([name]))).at(-1)?.problem;

test("says why a key cannot sign", async () => {
  expect(await problemOf("with-sub")).toBeUndefined();
  expect(await problemOf("expired-sub")).toMatch(/^expired on 20/);
  expect(await problemOf("revoked-primary")).toBe("was revoked");
  expect(await problemOf("early")).toMatch(/^is dated 2099-01-01T.*, and it is 20\d\d-/);
  expect(await problemOf("secp256k1")).toBe("is on the curve secp256k1, expected Ed25519 or a NIST curve");
});

test("says that a subkey is for encryption alone", async () => {
  signers.gpg.run(["--quick-add-key", signers.gpg.makeKey("carol"), "cv25519", "encr", "never"]);
  const bytes = signers.gpg.export("carol");
  const keys = await keysOf(bytes);
  expect(keys.map(compared)).toEqual(byGpg(bytes));
  expect(keys.map(({ problem }) => problem)).toEqual([undefined, "is not for signing"]);
});

test("tells a key that depends on SHA-1", async () => {
  const [weak] = await keysOf(signers.export(["sha1-bound"]));
  expect(weak).toMatchObject({ canSign: true, boundBySha1: true });
  const [strong] = await keysOf(signers.export(["nistp256"]));
  expect(strong).toMatchObject({ canSign: true, boundBySha1: false });
});

/** A user ID packet, RFC 9580 5.11, of less than 192 bytes. */
const userIdPacket = (text: string): Buffer => Buffer.from([0xcd, text.length, ...Buffer.from(text)]);

test("tells a user ID that was added to a copy of a key from a certified one", async () => {
  const bytes = Buffer.concat([signers.export(["nistp256"]), userIdPacket("Debian <ftpmaster@debian.org>")]);
  const [key] = await describe(bytes);
  expect(key?.userIds).toEqual([
    { text: "nistp256 <nistp256@test>", state: "certified" },
    { text: "Debian <ftpmaster@debian.org>", state: "uncertified" },
  ]);
});

test("describes a key of an unknown algorithm as far as it can be read", async () => {
  const body = [4, 0x60, 0, 0, 0, 99, 1, 2, 3];
  const bytes = Buffer.concat([Buffer.from([0xc6, body.length, ...body]), userIdPacket("later")]);
  const [key] = await describe(bytes);
  expect(key).toMatchObject({
    primary: {
      algorithm: "unknown algorithm 99",
      bits: undefined,
      createdAt: new Date(0x60000000 * 1000),
      canSign: false,
      problem: expect.stringMatching(/^cannot be read: /),
    },
    userIds: [{ text: "later", state: "uncertified" }],
  });
});

test("describes the beginning of a key, whatever bytes it has", async () => {
  for (let bytesHeld = 0; bytesHeld < 20; bytesHeld++) {
    const body = Buffer.from([4, 0x60, 0, 0, 0, 22, 255, 1, 2, 3]).subarray(0, bytesHeld);
    const [key] = await describe(Buffer.from([0xc6, body.length, ...body]));
    expect(key?.primary.canSign).toBe(false);
  }
});
