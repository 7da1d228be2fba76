/** Whole syncs from servers that do what servers of packages do, and should not. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { listFiles, readTree } from "../../../test/support/index.ts";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";

async function openPublished(): Promise<SyncedMirror> {
  const mirror = await openMirror();
  mirror.upstream.suite("stable").addPackage("hello", "1.0-1").addContents();
  await mirror.upstream.publish();
  return mirror;
}

test("every file with an encoding that nobody asked for: the mirror is what upstream signed", async () => {
  const mirror = await openPublished();
  const headers = { "Content-Encoding": "gzip" };
  for (const path of await listFiles(mirror.upstream.dir)) {
    const body = gzipSync(readFileSync(mirror.upstream.path(path)));
    mirror.server.fault({ path: `/${path}`, status: 200, headers, body });
  }
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced" });
  const [tree, signed] = [await mirror.tree(), await readTree(mirror.upstream.dir)];
  expect(tree.get(deb)).toBe(signed.get(deb));
  for (const [path, content] of tree) expect([path, content]).toEqual([path, signed.get(path)]);
});

test("403 for whatever clients can do without: the mirror is made of the rest", async () => {
  const mirror = await openPublished();
  const path = /by-hash|Contents|\/Release(?:\.gpg)?$|Packages$/;
  mirror.server.fault({ path, status: 403 });
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced" });
  const tree = await mirror.tree();
  expect(tree.has(deb)).toBe(true);
  expect([...tree.keys()].filter((name) => /Contents|Release\.gpg/.test(name))).toEqual([]);
});

test.each([
  ["the Release", /Release/, "Check the URL, the credentials in it"],
  ["an index that clients need", /Packages|by-hash/, "that the server wants other credentials"],
])("403 for %s: an error that says what it may mean", async (_, path, hint) => {
  const mirror = await openPublished();
  mirror.server.fault({ path, status: 403 });
  const { outcome, said } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "failed" });
  expect(said).toContain("403");
  expect(said).toContain(hint);
});
