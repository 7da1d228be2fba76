import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TrustError } from "../errors.ts";
import { Gpg } from "../test-support.ts";
import { readKeyring } from "./keyring.ts";

let gpg: Gpg;
let alice: Buffer;
let bob: Buffer;
let armoredAlice: string;
let armoredBob: string;

beforeAll(() => {
  gpg = new Gpg();
  gpg.run(["--quick-add-key", gpg.makeKey("alice"), "rsa2048", "sign", "never"]);
  gpg.makeKey("bob", "nistp384");
  [alice, bob] = [gpg.export("alice"), gpg.export("bob")];
  armoredAlice = gpg.run(["--armor", "--export", "alice"]).toString();
  armoredBob = gpg.run(["--armor", "--export", "bob"]).toString();
});
afterAll(() => gpg.close());

async function fingerprintsIn(...files: readonly (string | Uint8Array)[]): Promise<string[]> {
  const keyFiles = files.map((file, index) => ({ name: `/etc/keys/${index}.asc`, bytes: Buffer.from(file) }));
  const { certificates } = await readKeyring(keyFiles);
  return certificates.flatMap(({ keys }) => keys.map(({ fingerprint }) => fingerprint));
}

const both = (): string[] => [...gpg.fingerprints("alice"), ...gpg.fingerprints("bob")];

describe("a file of keys is read", () => {
  test.each<[string, () => (string | Uint8Array)[]]>([
    ["binary, whatever it is called", () => [Buffer.concat([alice, bob])]],
    ["armored", () => [gpg.run(["--armor", "--export"])]],
    ["as armor blocks one after another", () => [armoredAlice + armoredBob]],
    [
      "as armor blocks with text around them",
      () => [`Keys of x\n\n${armoredAlice}\nand\n-----\n${armoredBob}end\n`],
    ],
    [
      "as armor blocks after a note that does not begin in ASCII",
      () => [`\u00dcber x\n${armoredAlice}${armoredBob}`],
    ],
    [
      "armored with CR LF and headers",
      () => [
        armoredAlice.replace("\n\n", "\nVersion: GnuPG v1\nComment: x\n\n").replaceAll("\n", "\r\n"),
        armoredBob.replace(/^=.{4}\n/m, "").trimEnd(),
      ],
    ],
    [
      "armored with a checksum that is wrong or none, which apt ignores",
      () => [armoredAlice.replace(/^=.{4}$/m, "=AAAA"), armoredBob.replace(/^=.{4}$/m, "=AA")],
    ],
    ["beside others, of either form", () => [alice, armoredBob]],
  ])("%s", async (_case, files) => {
    expect(await fingerprintsIn(...files())).toEqual(both());
  });
});

test("key IDs end fingerprints, and each certificate keeps its own bytes", async () => {
  const { certificates } = await readKeyring([{ name: "x", bytes: Buffer.concat([alice, bob]) }]);
  expect(certificates.map(({ bytes }) => Buffer.from(bytes))).toEqual([alice, bob]);
  for (const { keys } of certificates) {
    for (const { keyId, fingerprint } of keys)
      expect(fingerprint).toMatch(new RegExp(`^[0-9A-F]{24}${keyId}$`));
  }
});

test("no file makes an empty ring", async () => expect(await readKeyring([])).toEqual({ certificates: [] }));

describe("a file of keys is refused by name", () => {
  test.each<[string, () => string | Uint8Array, string, RegExp]>([
    ["empty", () => "", "KEYRING_EMPTY", /no OpenPGP public key/],
    ["an error page", () => "<html>404</html>", "KEYRING_EMPTY", /no OpenPGP public key/],
    ["a signature", () => gpg.detach("x", "alice"), "KEYRING_EMPTY", /no OpenPGP public key/],
    ["a GnuPG keybox", () => gpg.readHome("pubring.kbx"), "KEYRING_UNSUPPORTED", /GnuPG keybox/],
    ["a secret key", () => gpg.run(["--export-secret-keys", "alice"]), "KEYRING_UNSUPPORTED", /secret key/],
    [
      "an armored secret key",
      () => gpg.run(["--armor", "--export-secret-keys"]),
      "KEYRING_UNSUPPORTED",
      /secret key/,
    ],
    ["binary and cut short", () => alice.subarray(0, -1), "PACKET_INVALID", /whole OpenPGP packets/],
    ["armored and cut short", () => armoredAlice.slice(0, -40), "ARMOR_INVALID", /no line "-----END/],
    ["armored and damaged", () => armoredAlice.replace("\n\n", "\n\n!"), "ARMOR_INVALID", /not base64/],
    ["with a byte order mark", () => `\ufeff${armoredAlice}`, "KEYRING_UNSUPPORTED", /a byte order mark/],
    [
      "with a byte order mark before binary keys",
      () => Buffer.concat([Buffer.from("\ufeff"), alice]),
      "KEYRING_UNSUPPORTED",
      /a byte order mark/,
    ],
    [
      "in UTF-16",
      () => Buffer.from(`\ufeff${armoredAlice}`, "utf16le"),
      "KEYRING_UNSUPPORTED",
      /text in UTF-16/,
    ],
    [
      "in UTF-16 of the other byte order",
      () => Buffer.from(`\ufeff${armoredAlice}`, "utf16le").swap16(),
      "KEYRING_UNSUPPORTED",
      /text in UTF-16/,
    ],
  ])("%s", async (_case, file, code, message) => {
    const reading = fingerprintsIn(alice, file());
    await expect(reading).rejects.toThrow(TrustError);
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(reading).rejects.toThrow("key file /etc/keys/1.asc");
  });

  test("a keybox with the command that exports its keys", async () => {
    const reading = readKeyring([{ name: "/root/pubring.kbx", bytes: gpg.readHome("pubring.kbx") }]);
    const hint = "gpg --no-default-keyring --keyring /root/pubring.kbx --export > keys.gpg";
    await expect(reading).rejects.toMatchObject({ hint: expect.stringContaining(hint) });
  });
});
