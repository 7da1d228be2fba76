/** A genuine upstream: a suite of Debian's own archive, as apt fetched and verified it. */
import { readFileSync, statSync, writeSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import type { KeyNeededAnswer } from "../../src/report/json/schemas/keys.ts";
import { type FetchedDebian, fetchGenuineDebian, type GenuineDebian } from "../support/genuine-debian.ts";
import {
  aptKinds,
  createAptClient,
  createWorkspace,
  digestOf,
  listFiles,
  readTree,
  runProgram,
  serveDirectory,
  startNginx,
  type TemporaryDirectory,
  temporaryDirectory,
  type Workspace,
} from "../support/index.ts";

let directory: TemporaryDirectory;
let fetched: FetchedDebian;

beforeAll(async () => {
  directory = await temporaryDirectory("mirrorctl-genuine-");
  fetched = await fetchGenuineDebian(directory.path);
  // Not every reporter prints the reason of a skip.
  if (fetched.kind === "out-of-reach")
    writeSync(2, `Skipped, because Debian's archive cannot be reached: ${fetched.reason}\n`);
});

afterAll(() => directory[Symbol.asyncDispose]());

function debianOrSkip({ skip }: TestContext): GenuineDebian {
  return fetched.kind === "fetched" ? fetched.debian : skip(fetched.reason);
}

const createMirror = (
  { suite, keyring }: GenuineDebian,
  url: string,
  settings: object = {},
): Promise<Workspace> =>
  createWorkspace({
    snapshot: {},
    mirrors: {
      debian: {
        url: `${url}/`,
        suites: [suite],
        pgp_key_path: keyring,
        publish_to_staging: true,
        ...settings,
      },
    },
  });

describe("a mirror of a suite of Debian's own archive", () => {
  test("trusts what apt trusts if no key is configured", async (context) => {
    const debian = debianOrSkip(context);
    await using upstream = await serveDirectory(debian.dir);
    await using workspace = await createMirror(debian, upstream.url, { pgp_key_path: undefined });
    const { stderr } = await workspace.run(["sync"]);
    const keyIds = await keyIdsOf(debian);
    expect(stderr).toContain(`PGP signature valid - signed by key ${keyIds[0]}`);
    const { stdout } = await workspace.run(["--json", "key", "needed", "debian"]);
    expect(goodKeyIdsIn(JSON.parse(stdout) as KeyNeededAnswer)).toEqual(keyIds);
  });

  test.for(aptKinds)(
    "serves the apt of %s, which trusts only Debian's keys, each package",
    async (kind, context) => {
      const debian = debianOrSkip(context);
      await using upstream = await startNginx({ root: debian.dir });
      await using workspace = await createMirror(debian, upstream.url);
      await workspace.arrange(["sync"]);
      await workspace.arrange(["snapshot", "promote", "debian"]);
      await using server = await startNginx({ root: workspace.dir });
      const client = await createAptClient({
        kind,
        dir: workspace.join("client"),
        sources: `deb [signed-by=${debian.keyring}] ${server.url}/debian/current ${debian.suite} main`,
      });
      const downloads = workspace.join("downloads");
      await mkdir(downloads);

      expect(await client.update()).toMatchObject({ exitCode: 0, complaints: [] });
      expect(await client.download(debian.packages, downloads)).toMatchObject({
        exitCode: 0,
        complaints: [],
      });

      const downloaded = await readTree(downloads);
      expect(downloaded.size).toBe(debian.packages.length);
      expect(digestsOf(downloaded)).toEqual(digestsOf(await readTree(join(debian.dir, "pool"))));
    },
  );

  test("has exactly the archive's files, each index also under its digest", async (context) => {
    const debian = debianOrSkip(context);
    await using upstream = await startNginx({ root: debian.dir });
    await using workspace = await createMirror(debian, upstream.url);
    const { stderr } = await workspace.run(["sync"]);
    await workspace.arrange(["snapshot", "promote", "debian"]);

    const { production, staging, working } = await workspace.published("debian");
    const genuine = await readTree(debian.dir);
    expect(production?.files).toEqual(genuine);
    expect(staging).toEqual(production);
    expect(working?.files).toEqual(genuine);
    expect(await workspace.leftovers()).toEqual([]);
    const suiteDir = workspace.join("www/debian/current/dists", debian.suite);
    const byHash = (await listFiles(suiteDir)).filter((path) => path.includes("/by-hash/"));
    expect(byHash).toHaveLength(2);
    const inodes = (paths: readonly string[]) => paths.map((path) => statSync(join(suiteDir, path)).ino);
    expect(inodes(byHash)).toEqual(inodes(["main/binary-amd64/Packages.xz", "main/i18n/Translation-en.xz"]));
    expect(stderr).toMatch(/^WARN .*upstream lists but does not have .*main\/Contents-amd64/m);
    expect(stderr.match(/^WARN /gm)).toHaveLength(1);
  });

  test("is synced again with one conditional request", async (context) => {
    const debian = debianOrSkip(context);
    await using upstream = await serveDirectory(debian.dir);
    await using workspace = await createMirror(debian, upstream.url);
    await workspace.arrange(["sync"]);
    upstream.clearRequests();
    await workspace.run(["sync"]);
    expect(upstream.requests).toMatchObject([
      { method: "GET", path: `/dists/${debian.suite}/InRelease`, status: 304 },
    ]);
  });

  test("names the keys that gpgv names", async (context) => {
    const debian = debianOrSkip(context);
    await using upstream = await serveDirectory(debian.dir);
    await using workspace = await createMirror(debian, upstream.url);
    const { stderr } = await workspace.run(["sync", "--dry-run"]);
    const signed = /^INFO {2}PGP signature valid - signed by key (.*)$/m.exec(stderr)?.[1];
    expect(signed?.split(", ")).toEqual(await keyIdsOf(debian));
  });
});

describe("of Debian's own archive, nothing is published", () => {
  test("with one byte of Packages.xz changed, under either name", async (context) => {
    const debian = debianOrSkip(context);
    await using upstream = await serveDirectory(debian.dir);
    const path = `dists/${debian.suite}/main/binary-amd64/Packages.xz`;
    const genuine = readFileSync(join(debian.dir, path));
    const changed = Buffer.from(genuine);
    changed.writeUInt8(changed.readUInt8(changed.length >> 1) ^ 1, changed.length >> 1);
    const digests = { found: digestOf(changed, "SHA256"), listed: digestOf(genuine, "SHA256") };
    const names = new RegExp(`/binary-amd64/(?:Packages\\.xz|by-hash/SHA256/${digests.listed})$`);
    upstream.fault({ path: names, status: 200, body: changed });
    await using workspace = await createMirror(debian, upstream.url);
    const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
    expect(stderr).toContain(
      `ERROR ${path}: the sha256 digest is ${digests.found}, expected ${digests.listed}\n`,
    );
    await expectNothingPublished(workspace);
  });

  test("with a keyring that lacks the signers, and the message names them", async (context) => {
    const debian = debianOrSkip(context);
    await using upstream = await serveDirectory(debian.dir);
    await using workspace = await createMirror(debian, upstream.url, {
      pgp_key_path: directory.join("other.asc"),
    });
    await writeFile(directory.join("other.asc"), workspace.key.publicKeyArmored);
    const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
    expect(stderr).toContain(
      `ERROR PGP signature verification failed: signed by unknown key ${(await keyIdsOf(debian)).join(", ")}\n`,
    );
    expect(upstream.requests.map(({ path }) => path)).toEqual([`/dists/${debian.suite}/InRelease`]);
    await expectNothingPublished(workspace);
  });
});

const digestsOf = (tree: ReadonlyMap<string, string>): string[] => [...tree.values()].toSorted();

/** Returns the keys that signed InRelease, in the order of the signatures, as gpgv reports them. */
async function keyIdsOf({ dir, suite, keyring }: GenuineDebian): Promise<string[]> {
  const inRelease = join(dir, "dists", suite, "InRelease");
  const { stdout } = await runProgram("gpgv", ["--status-fd=1", "--keyring", keyring, inRelease]);
  const keyIds = [...stdout.toString().matchAll(/^\[GNUPG:\] GOODSIG (\S+)/gm)].map(([, id]) => `0x${id}`);
  expect(keyIds).not.toEqual([]);
  return keyIds;
}

const goodKeyIdsIn = ({ suites }: KeyNeededAnswer): readonly string[] =>
  suites
    .flatMap((suite) => (suite.kind === "signed" ? suite.signatures : []))
    .flatMap(({ state, keyId }) => (state === "good" ? [`0x${keyId}`] : []));

async function expectNothingPublished(workspace: Workspace): Promise<void> {
  expect(await workspace.published("debian")).toEqual({});
  expect(await workspace.leftovers()).toEqual([]);
}
