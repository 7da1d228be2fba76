import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runProgram } from "./run-program.ts";
import { clearsign, createSigningKey, detachSign, type SigningKey } from "./signing-key.ts";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";

const release = "Origin: Fake\n- dashed\nSHA256:\n 00 1 main/x\n";

/** Returns gpgv's status lines, and the text that it takes as signed. */
async function gpgv(directory: TemporaryDirectory, keys: readonly SigningKey[], files: readonly string[]) {
  const keyring = directory.join("keyring.gpg");
  writeFileSync(keyring, Buffer.concat(keys.map((key) => key.publicKeyBinary)));
  const paths = files.map((text, index) => {
    const path = directory.join(`file-${index}`);
    writeFileSync(path, text);
    return path;
  });
  const args = ["--homedir", directory.path, "--keyring", keyring, "--status-fd", "1", "--output", "-"];
  return runProgram("gpgv", files.length === 1 ? [...args, ...paths] : [...args.slice(0, -2), ...paths]);
}

describe.each([{ subkey: false }, { subkey: true }])("a key with %o", (options) => {
  test("clearsigns text that gpgv accepts and returns unchanged", async () => {
    await using directory = await temporaryDirectory();
    const key = await createSigningKey(options);
    const { exitCode, output } = await gpgv(directory, [key], [await key.clearsign(release)]);
    expect(exitCode).toBe(0);
    expect(output).toContain(release);
    expect(output).toMatch(new RegExp(`VALIDSIG ${key.signingFingerprint} .* ${key.fingerprint}$`, "m"));
  });

  test("makes a detached signature that gpgv accepts for this text only", async () => {
    await using directory = await temporaryDirectory();
    const key = await createSigningKey(options);
    const signature = await key.detachSign(release);
    expect(signature).toMatch(/^-----BEGIN PGP SIGNATURE-----\n/);
    expect((await gpgv(directory, [key], [signature, release])).exitCode).toBe(0);
    const other = await gpgv(directory, [key], [signature, release.replace("Fake", "Evil")]);
    expect(other.output).toContain("BADSIG");
  });
});

test("frames the file as archives do: armor at both ends, no empty line", async () => {
  const signed = await (await createSigningKey()).clearsign(release);
  expect(signed).toMatch(/^-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nOrigin: Fake\n- - dashed\n/);
  expect(signed).toMatch(/ 00 1 main\/x\n-----BEGIN PGP SIGNATURE-----\n/);
  expect(signed).toMatch(/-----END PGP SIGNATURE-----\n$/);
  expect(signed).not.toContain("\r");
});

test("names its keys as gpgv does", async () => {
  const plain = await createSigningKey();
  expect(plain.fingerprint).toMatch(/^[0-9A-F]{40}$/);
  expect(plain.keyId).toBe(plain.fingerprint.slice(24));
  expect(plain.signingFingerprint).toBe(plain.fingerprint);
  const divided = await createSigningKey({ subkey: true });
  expect(divided.signingFingerprint).not.toBe(divided.fingerprint);
});

test("signs with several keys in one file", async () => {
  await using directory = await temporaryDirectory();
  const keys = [await createSigningKey({ name: "One" }), await createSigningKey({ name: "Two" })];
  for (const files of [[await clearsign(release, keys)], [await detachSign(release, keys), release]]) {
    const { exitCode, output } = await gpgv(directory, keys, files);
    expect(exitCode).toBe(0);
    expect(output.match(/GOODSIG/g)).toHaveLength(2);
  }
});

test("dates a signature as given, but not before the key or in the future", async () => {
  await using directory = await temporaryDirectory();
  const key = await createSigningKey({ createdAt: new Date("2021-05-01T00:00:00Z") });
  const dateOf = async (date: string) => {
    const { output } = await gpgv(directory, [key], [await key.clearsign(release, { date: new Date(date) })]);
    return Number(/VALIDSIG \S+ \S+ (\d+)/.exec(output)?.[1]);
  };
  expect(await dateOf("2022-03-04T05:06:07Z")).toBe(Date.parse("2022-03-04T05:06:07Z") / 1000);
  expect(await dateOf("1999-01-01")).toBe(Date.parse("2021-05-01T00:00:00Z") / 1000);
  expect(await dateOf("2999-01-01")).toBeLessThanOrEqual(Date.now() / 1000);
});

test("gives the same signature for the same text and date", async () => {
  const key = await createSigningKey();
  const date = new Date("2022-01-01");
  expect(await key.clearsign(release, { date })).toBe(await key.clearsign(release, { date }));
});

test("can have a key that expired after it signed", async () => {
  await using directory = await temporaryDirectory();
  const key = await createSigningKey({ expiresAt: new Date("2021-01-01") });
  const signed = await key.clearsign(release, { date: new Date("2020-06-01") });
  expect((await gpgv(directory, [key], [signed])).output).toContain("EXPKEYSIG");
});
