import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createSigningKey, temporaryDirectory } from "../../test/support/index.ts";
import { runCommand } from "../../test/support/run-command.ts";

const now = (): Date => new Date("2026-05-04T00:00:00Z");

async function keyFiles(contents: Readonly<Record<string, string | Uint8Array>>) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return Object.entries(contents).map(([name, content]) => {
    const path = join(directory.path, name);
    writeFileSync(path, content);
    return path;
  });
}

const show = (paths: readonly string[], ...flags: readonly string[]) =>
  runCommand(["key", "show", ...paths, ...flags], { now });

test("shows every key of armored and of binary files, without a configuration", async () => {
  const [one, two] = [
    await createSigningKey({ subkey: true, expiresAt: new Date("2026-05-14T00:00:00Z") }),
    await createSigningKey({ name: "Second", expiresAt: new Date("2021-01-01T00:00:00Z") }),
  ];
  const [armored = "", binary = ""] = await keyFiles({
    "both.asc": one.publicKeyArmored + two.publicKeyArmored,
    "two.gpg": two.publicKeyBinary,
  });
  const { stdout, status } = await show([armored, binary]);
  const second = `${two.fingerprint}
  user ID  Second <archive@example.org>
  key      ed25519, created 2020-01-01, expired 2021-01-01, cannot sign
`;
  expect(stdout).toBe(`${armored}: 2 keys

${one.fingerprint}
  user ID  Test Archive Key <archive@example.org>
  key      ed25519, created 2020-01-01, expires 2026-05-14 (in 10d), can sign
  subkey   ${one.signingFingerprint}
           ed25519, created 2020-01-01, expires 2026-05-14 (in 10d), can sign

${second}
${binary}: 1 key

${second}`);
  expect(status).toBe(0);
});

test("reads no file that is far too large for keys", async () => {
  const [path = ""] = await keyFiles({ "disk.img": "" });
  truncateSync(path, 70_000_000);
  expect((await show([path])).stderr).toContain(`cannot read the key file ${path}: it is far too large`);
});

test("shows the good files, says what is wrong with the others, and fails", async () => {
  const key = await createSigningKey();
  const paths = await keyFiles({ "good.gpg": key.publicKeyBinary, "page.asc": "<html>404</html>" });
  const { stdout, stderr, status } = await show([...paths, "/nonexistent.gpg"]);
  expect(status).toBe(1);
  expect(stdout).toContain(key.fingerprint);
  expect(stderr).toBe(`ERROR key file ${paths[1]}: no OpenPGP public key found in it
      Expected the output of \`gpg --export\` or \`gpg --armor --export\`. Was an error page saved instead of a key?
ERROR cannot read the key file /nonexistent.gpg: there is no such file
      Name a file with public keys, armored or binary, that this user may read.
`);
  const json: unknown = JSON.parse((await show([...paths, "/nonexistent.gpg"], "--json")).stdout);
  expect(json).toMatchObject([
    { kind: "read", keys: [{ primary: { fingerprint: key.fingerprint, canSign: true } }] },
    { kind: "failed", path: paths[1], code: "trust/KEYRING_EMPTY" },
    { kind: "failed", path: "/nonexistent.gpg", code: "trust/KEYRING_UNREADABLE" },
  ]);
});

test("escapes what a user ID could do to a terminal", async () => {
  const name = "A\u001b[2J\r\n\tB\u202eC\u009bD";
  const key = await createSigningKey({ name });
  const [path = ""] = await keyFiles({ "key.gpg": key.publicKeyBinary });
  const { stdout } = await show([path]);
  expect(stdout).toContain(
    "  user ID  A\\u001b[2J\\u000d\\u000a\\u0009B\\u202eC\\u009bD <archive@example.org>\n",
  );
  const json = JSON.parse((await show([path], "--json")).stdout) as [{ keys: [{ userIds: unknown }] }];
  expect(json[0].keys[0].userIds).toEqual([{ text: `${name} <archive@example.org>`, state: "certified" }]);
});
