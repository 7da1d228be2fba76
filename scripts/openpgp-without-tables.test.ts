import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";
import type * as OpenPgp from "openpgp";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../test/support/index.ts";
import { bundleOptions } from "./build.ts";

/** OpenPGP.js as the executable has it. */
async function bundledOpenPgp(): Promise<typeof OpenPgp> {
  await using directory = await temporaryDirectory("mirrorctl-openpgp-");
  const { outputFiles } = await build({
    ...bundleOptions,
    entryPoints: ["node_modules/openpgp/dist/node/openpgp.mjs"],
    write: false,
  });
  const file = directory.join("openpgp.cjs");
  writeFileSync(file, outputFiles.map(({ text }) => text).join(""));
  return createRequire(import.meta.url)(file) as typeof OpenPgp;
}

test("has ciphers and compression nevertheless", async () => {
  const { createMessage, decrypt, encrypt, enums, readMessage } = await bundledOpenPgp();
  const text = "Suite: stable\n".repeat(10_000);
  for (const compression of [enums.compression.zip, enums.compression.zlib])
    for (const aead of [enums.aead.eax, enums.aead.ocb]) {
      const armored = await encrypt({
        message: await createMessage({ text }),
        passwords: "secret",
        config: {
          aeadProtect: true,
          preferredAEADAlgorithm: aead,
          preferredCompressionAlgorithm: compression,
        },
      });
      expect(armored.length).toBeLessThan(text.length / 10);
      const message = await readMessage({ armoredMessage: armored });
      expect(await decrypt({ message, passwords: "secret" })).toMatchObject({ data: text });
    }
});
