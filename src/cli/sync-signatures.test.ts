import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSigningKey, createTestbed } from "../../test/support/index.ts";
import { runCommand } from "../../test/support/run-command.ts";

test("sync checks signatures unless the command line says otherwise", async () => {
  await using testbed = await createTestbed({ mirrors: { debian: {} } });
  testbed.upstream.suite("stable").addPackage("hello", "1.0-1");
  await testbed.upstream.publish();
  writeFileSync(testbed.keyFile, (await createSigningKey()).publicKeyArmored);
  const sync = (...flags: string[]) => runCommand(["--config", testbed.configFile, "sync", ...flags]);

  const checked = await sync();
  expect(checked).toMatchObject({ status: 1 });
  expect(checked.stderr).toContain("PGP signature verification failed: signed by unknown key");
  const unchecked = await sync("--no-pgp-check");
  expect(unchecked).toMatchObject({ status: 0 });
  expect(unchecked.stderr).toContain("signatures are not checked (no_pgp_check)");
});
