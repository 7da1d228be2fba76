import { mkdirSync, readdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aptAvailable, createAptClient } from "./apt-client.ts";
import { type FakeUpstream, fakeUpstream } from "./fake-upstream.ts";
import { desktopIndexTargets } from "./index-targets.ts";
import { startNginx } from "./nginx.ts";
import { runProgram } from "./run-program.ts";
import { createSigningKey, type SigningKey } from "./signing-key.ts";
import { type StaticServer, serveDirectory } from "./static-server.ts";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";

let directory: TemporaryDirectory;
let key: SigningKey;
let upstream: FakeUpstream;
let server: StaticServer;

beforeAll(async () => {
  directory = await temporaryDirectory();
  key = await createSigningKey({ subkey: true });
  upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  upstream
    .suite("stable", { components: ["main", "extra"], architectures: ["all", "amd64"] })
    .addPackage("hello", "1:1.0+b~1-1", { depends: "libhello (>= 1)" })
    .addPackage("libhello", "1.0-1", { architecture: "all" })
    .addPackage("other", "2", { component: "extra" })
    .addSource("hello", "1:1.0-1")
    .addSource("native", "1")
    .addTranslation("en")
    .addTranslation("de")
    .addContents()
    .addDep11()
    .addCnf();
  upstream.suite("stable/updates", { signatures: "inline" }).addPackage("libhello", "1.1-1");
  upstream.suite("old-style", { signatures: "detached" }).addPackage("hello", "1");
  upstream.suite("/").addPackage("flat-root", "1").addPackage("flat-second", "1").addSource("flat-root", "1");
  upstream.suite("sub/").addPackage("flat-sub", "1").addTranslation("en");
  await upstream.publish();
  server = await serveDirectory(upstream.dir);
});
afterAll(async () => {
  await server.close();
  await directory[Symbol.asyncDispose]();
});

const fine = { exitCode: 0, complaints: [] };
let clients = 0;

/** A client that trusts the archive's key, and its directory. */
async function clientFor(sources: string, extraConf?: string) {
  const dir = directory.join(`client-${++clients}`);
  const keyrings = { "archive.asc": key.publicKeyArmored };
  const client = await createAptClient({
    dir,
    sources,
    keyrings,
    languages: ["en", "de"],
    ...(extraConf === undefined ? {} : { extraConf }),
  });
  return { client, dir };
}

test("is there", () => {
  expect(aptAvailable()).toBe(true);
});

describe.each(["the static server", "nginx"])("apt against %s", (kind) => {
  /** Runs with the URL of a server of that kind. */
  async function withUrl(act: (url: string) => Promise<void>): Promise<void> {
    if (kind === "the static server") return act(server.url);
    await using nginx = await startNginx({ root: upstream.dir });
    await act(nginx.url);
    expect(await nginx.errorLog()).toBe("");
  }

  test("updates with a desktop's indices, and installs with dependencies", () =>
    withUrl(async (url) => {
      const sources = `deb ${url} stable main extra\ndeb-src ${url} stable main\ndeb ${url} stable/updates main`;
      const { client, dir } = await clientFor(sources, desktopIndexTargets);
      expect(await client.update()).toMatchObject(fine);
      const lists = (await readdir(`${dir}/state/lists`)).join("\n");
      for (const kindOfIndex of [
        "Contents-amd64",
        "Contents-all",
        "Components-amd64.yml",
        "Commands-amd64",
      ]) {
        expect(lists).toContain(kindOfIndex);
      }
      expect(lists).toContain("Translation-de");
      expect(await client.policy("hello")).toContain("Candidate: 1:1.0+b~1-1");
      const simulated = await client.simulateInstall(["hello"]);
      expect(simulated).toMatchObject(fine);
      expect(simulated.output).toMatch(/^Inst libhello \(1\.1-1 /m);
      expect(simulated.output).toMatch(/^Inst hello \(1:1\.0\+b~1-1 /m);
    }));

  test("downloads packages and sources", () =>
    withUrl(async (url) => {
      const { client, dir } = await clientFor(`deb ${url} stable main\ndeb-src ${url} stable main`);
      await client.update();
      const here = `${dir}/here`;
      mkdirSync(here);
      expect(await client.download(["hello", "libhello"], here)).toMatchObject(fine);
      expect(await client.downloadSource(["hello", "native"], here)).toMatchObject(fine);
      expect(readdirSync(here).toSorted()).toEqual([
        "hello_1%3a1.0+b~1-1_amd64.deb",
        "hello_1.0-1.debian.tar.gz",
        "hello_1.0-1.dsc",
        "hello_1.0.orig.tar.gz",
        "libhello_1.0-1_all.deb",
        "native_1.dsc",
        "native_1.tar.gz",
      ]);
    }));

  test("reads flat suites", () =>
    withUrl(async (url) => {
      const { client, dir } = await clientFor(`deb ${url} /\ndeb-src ${url} /\ndeb ${url} sub/`);
      expect(await client.update()).toMatchObject(fine);
      expect(await client.download(["flat-root", "flat-second", "flat-sub"], dir)).toMatchObject(fine);
      expect(await client.downloadSource(["flat-root"], dir)).toMatchObject(fine);
    }));
});

const stanza = (signedBy: string) =>
  `Types: deb\nURIs: ${server.url}\nSuites: stable\nComponents: main\n${signedBy}`;

test("reads deb822 text with its own key, and trusts no other key", async () => {
  const dir = directory.join(`client-${++clients}`);
  const keyless = await createAptClient({ dir, sources: stanza("") });
  const refused = await keyless.update();
  expect(refused.exitCode).toBe(100);
  expect(refused.complaints.join("\n")).toContain("NO_PUBKEY");

  const keyring = upstream.path("keyring.asc");
  upstream.rewrite("keyring.asc", key.publicKeyArmored);
  const named = await createAptClient({
    dir: `${dir}-named`,
    sources: stanza(`Signed-By: ${keyring}\n`),
  });
  expect(await named.update()).toMatchObject(fine);
});

test("uses Release and Release.gpg if there is no InRelease", async () => {
  const { client } = await clientFor(`deb ${server.url} old-style main`);
  const { exitCode, complaints } = await client.update();
  expect(exitCode).toBe(0);
  expect(complaints).toEqual([expect.stringMatching(/^Ign:1 .* old-style InRelease$/)]);
  expect(await client.policy("hello")).toContain("Candidate: 1");
});

test("complains about a listed file that is missing", async () => {
  const byHash = server.fault({ path: /by-hash/, status: 404 });
  const { client } = await clientFor(`deb ${server.url} stable main`);
  const result = await client.update();
  byHash.disarm();
  expect(result.exitCode).toBe(0);
  expect(result.complaints[0]).toMatch(/^Ign:/);
});

test("requests everything again once its lists are forgotten", async () => {
  const { client } = await clientFor(`deb ${server.url} stable main`);
  await client.update();
  server.clearRequests();
  await client.update();
  expect(server.requests).toMatchObject([{ path: "/dists/stable/InRelease", status: 304 }]);
  await client.forgetLists();
  server.clearRequests();
  expect(await client.update()).toMatchObject(fine);
  expect(server.requests.map(({ path }) => path)).toContainEqual(
    expect.stringMatching(/main\/binary-amd64\/by-hash\/SHA512\//),
  );
});

test("accepts a foreign architecture if configured", async () => {
  upstream.suite("ports", { architectures: ["amd64", "arm64"] });
  upstream.suite("ports").addPackage("hello-arm", "1", { architecture: "arm64" });
  await upstream.publish();
  const client = await createAptClient({
    dir: directory.join(`client-${++clients}`),
    sources: `deb ${server.url} ports main`,
    keyrings: { "archive.gpg": key.publicKeyBinary },
    foreignArchitectures: ["arm64"],
  });
  expect(await client.update()).toMatchObject(fine);
  expect(await client.policy("hello-arm:arm64")).toContain("Candidate: 1");
});

test("does not use the host's apt configuration", async () => {
  const { client, dir } = await clientFor("");
  const result = await client.run(["indextargets"]);
  expect(result).toMatchObject({ exitCode: 0, output: "" });
  const dump = await runProgram("apt-config", ["dump"], {
    env: { PATH: "/usr/bin:/bin", APT_CONFIG: `${dir}/apt.conf` },
  });
  expect(dump.output).toContain(`Dir::Etc "${dir}/etc";`);
  expect(dump.output).not.toMatch(/Check-Valid-Until/);
});
