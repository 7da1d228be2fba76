import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSigningKey } from "../../test/support/index.ts";
import type { MirrorEvent } from "../report/events.ts";
import { openKeyring } from "./open-keyring.ts";
import { openMirrors } from "./verify/test-support.ts";

test("without pgp_key_path, skips the keys of apt that cannot be read", async () => {
  const context = await (await openMirrors()).context("m");
  const { publicKeyBinary, fingerprint } = await createSigningKey();
  const events: Omit<MirrorEvent, "mirror">[] = [];
  const { certificates } = await openKeyring({
    ...context,
    mirror: { ...context.mirror, pgpKeyPaths: [] },
    emit: (event) => events.push(event),
    invokerFiles: {
      names: (folder) =>
        folder.startsWith("/etc") ? ["a-link.gpg", "directory.gpg", "good.gpg", "text.asc"] : [],
      read: (path) => {
        if (path.endsWith("a-link.gpg")) return readFileSync("/nonexistent/key");
        if (path.endsWith("directory.gpg")) return readFileSync("/");
        return Buffer.from(path.endsWith("good.gpg") ? publicKeyBinary : "no key");
      },
      mode: () => undefined,
    },
  });
  expect(certificates.map(({ primary }) => primary.fingerprint)).toEqual([fingerprint]);
  expect(events).toMatchObject([
    { type: "key-file-skipped", problem: expect.stringContaining("a-link.gpg: there is no such file") },
    { type: "key-file-skipped", problem: expect.stringContaining("directory.gpg: it is a directory") },
    { type: "key-file-skipped", problem: expect.stringContaining("text.asc: no OpenPGP public key found") },
  ]);
});
