import { expect, test } from "vitest";
import { createSigningKey } from "../../../test/support/index.ts";
import { readKeysAsFarAsPossible } from "../configured-keys.ts";
import { openMirrors } from "../verify/test-support.ts";
import { describeOnce, expiryOfKeys } from "./key-expiry.ts";

const describe = describeOnce(new Date());
const createdAt = new Date("2026-01-01T00:00:00Z");
const expiresAt = new Date("2036-01-01T00:00:00Z");
const signer = await createSigningKey({ createdAt, expiresAt });
const other = await createSigningKey({ createdAt, expiresAt });

/** A mirror whose last sync `signer` signed, on a machine whose files have these keys. */
async function openSigned(pgpKeyPaths: readonly string[], files: Readonly<Record<string, Uint8Array>>) {
  const context = await (await openMirrors()).context("m");
  const suites = [{ suite: "noble", signedBy: [signer.keyId] }];
  const state = { generation: "g1", completedAt: createdAt.toISOString(), selection: "", suites };
  return {
    ...context,
    mirror: { ...context.mirror, pgpCheck: true, pgpKeyPaths },
    memory: { ...context.memory, read: () => state },
    invokerFiles: {
      names: (folder: string) => (folder.startsWith("/etc") ? Object.keys(files) : []),
      read: (path: string) => Buffer.from(files[path.slice(path.lastIndexOf("/") + 1)] ?? ""),
      mode: () => undefined,
    },
  };
}

test("without pgp_key_path, keys of apt are those that signed the last sync", async () => {
  const files = { "other.gpg": other.publicKeyBinary, "signer.gpg": signer.publicKeyBinary };
  expect(await expiryOfKeys(await openSigned([], files), describe)).toEqual([
    { fingerprint: signer.fingerprint, expiresAt },
  ]);
});

// node-exporter drops the whole file if two samples have the same labels.
test("a key in two files is named once", async () => {
  const files = { "a.gpg": signer.publicKeyBinary, "b.gpg": signer.publicKeyBinary };
  const ports = await openSigned(["/k/a.gpg", "/k/b.gpg"], files);
  expect(await expiryOfKeys(ports, describe)).toEqual([{ fingerprint: signer.fingerprint, expiresAt }]);
});

test("a certificate that several mirrors use is described once", async () => {
  const once = describeOnce(new Date());
  const { keyring } = await readKeysAsFarAsPossible({
    ...(await openSigned(["/k/a.gpg", "/k/b.gpg"], {
      "a.gpg": signer.publicKeyBinary,
      "b.gpg": signer.publicKeyBinary,
    })),
    emit: () => undefined,
  });
  const [a, b] = await Promise.all(keyring.certificates.map(once));
  expect(keyring.certificates).toHaveLength(2);
  expect(a).toBe(b);
});
