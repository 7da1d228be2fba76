/** Whole syncs from servers that do what servers of packages do, and should not. */
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import {
  createSigningKey,
  fakeUpstream,
  listFiles,
  readTree,
  serveDirectory,
  temporaryDirectory,
} from "../../../test/support/index.ts";
import { runCli } from "../../cli/index.ts";

const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";

async function openMirror() {
  const directory = await temporaryDirectory();
  const key = await createSigningKey();
  const upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  upstream.suite("stable").addPackage("hello", "1.0-1").addContents();
  await upstream.publish();
  const server = await serveDirectory(upstream.dir);
  onTestFinished(async () => {
    await server.close();
    await directory[Symbol.asyncDispose]();
  });
  const configFile = directory.join("mirror.toml");
  writeFileSync(directory.join("key.asc"), key.publicKeyArmored);
  writeFileSync(
    configFile,
    `dir = "${directory.join("www")}"
[mirrors.m]
url = "${server.url}"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]
pgp_key_path = "key.asc"
`,
  );
  let said = "";
  const output = { isTerminal: false, columns: 80, write: (text: string) => void (said += text) };
  return {
    upstream,
    server,
    tree: () => readTree(directory.join("www/m/.live")),
    async sync() {
      const surroundings = { env: {}, homeDir: directory.path, who: "test", pid: 1, now: () => new Date() };
      const { signal } = new AbortController();
      const host = { ...surroundings, signal, stdout: output, stderr: output };
      return { status: await runCli(["--config", configFile, "sync"], host), said };
    },
  };
}

test("every file with an encoding that nobody asked for: the mirror is what upstream signed", async () => {
  const mirror = await openMirror();
  const headers = { "Content-Encoding": "gzip" };
  for (const path of await listFiles(mirror.upstream.dir)) {
    const body = gzipSync(readFileSync(mirror.upstream.path(path)));
    mirror.server.fault({ path: `/${path}`, status: 200, headers, body });
  }
  expect(await mirror.sync()).toMatchObject({ status: 0 });
  const [tree, signed] = [await mirror.tree(), await readTree(mirror.upstream.dir)];
  expect(tree.get(deb)).toBe(signed.get(deb));
  for (const [path, content] of tree) expect([path, content]).toEqual([path, signed.get(path)]);
});

test("403 for whatever clients can do without: the mirror is made of the rest", async () => {
  const mirror = await openMirror();
  const path = /by-hash|Contents|\/Release(?:\.gpg)?$|Packages$/;
  mirror.server.fault({ path, status: 403 });
  expect(await mirror.sync()).toMatchObject({ status: 0 });
  const tree = await mirror.tree();
  expect(tree.has(deb)).toBe(true);
  expect([...tree.keys()].filter((name) => /Contents|Release\.gpg/.test(name))).toEqual([]);
});

test.each([
  ["the Release", /Release/, "Check the URL, the credentials in it"],
  ["an index that clients need", /Packages|by-hash/, "that the server wants other credentials"],
])("403 for %s: an error that says what it may mean", async (_, path, hint) => {
  const mirror = await openMirror();
  mirror.server.fault({ path, status: 403 });
  const { status, said } = await mirror.sync();
  expect(status).toBe(1);
  expect(said).toContain("403");
  expect(said).toContain(hint);
});
