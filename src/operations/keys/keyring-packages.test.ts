import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keyring } from "../../../test/support/genuine-debian.ts";
import { readKeyring } from "../../trust/index.ts";
import { keyringPackageOf } from "./keyring-packages.ts";

test("debian-archive-keyring has the keys for which it is named", async () => {
  const { certificates } = await readKeyring([{ name: keyring, bytes: readFileSync(keyring) }]);
  const keyIds = certificates.flatMap(({ keys }) => keys.map(({ keyId }) => keyId));
  const named = keyIds.filter((keyId) => keyringPackageOf(keyId)?.path === keyring);
  // Those of releases that end their life leave the package, and new ones come.
  expect(named.length).toBeGreaterThanOrEqual(10);
});

test("no package is named for other keys", () => {
  expect(keyringPackageOf("871920D1991BC93C")?.name).toBe("ubuntu-keyring");
  expect(keyringPackageOf("0000000000000000")).toBeUndefined();
});
