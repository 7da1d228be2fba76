import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSigningKey, readTree } from "../../../test/support/index.ts";
import { openMirror } from "./test-support.ts";

test("a Release that was only signed anew is brought with its new signature", async () => {
  await using mirror = await openMirror();
  mirror.upstream.suite("stable", { signatures: "detached" }).addPackage("hello", "1.0-1");
  const date = await mirror.upstream.publish();
  await mirror.sync();
  const successor = await createSigningKey();
  mirror.trust(mirror.key.publicKeyArmored, successor.publicKeyArmored);
  const release = mirror.upstream.path("dists/stable/Release");
  mirror.upstream.rewrite(
    "dists/stable/Release.gpg",
    await successor.detachSign(readFileSync(release, "utf8"), { date }),
  );
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced", unchanged: false, fetchedFiles: 0 });
  const [tree, signed] = [await mirror.tree(), await readTree(mirror.upstream.dir)];
  expect(tree.get("dists/stable/Release.gpg")).toBe(signed.get("dists/stable/Release.gpg"));
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced", unchanged: true });
});
