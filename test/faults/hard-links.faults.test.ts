/** File systems without hard links: found before any download, and usable for snapshots elsewhere. */
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { inspectConfig } from "../../src/config/index.ts";
import { checkConfig } from "../../src/operations/check-config/index.ts";
import { publishSnapshot } from "../../src/operations/production/publish-snapshot.ts";
import { invokerOf } from "../../src/operations/site-owner.ts";
import { createSnapshot } from "../../src/operations/snapshots/create-snapshot.ts";
import { createHost } from "../support/host.ts";
import {
  createSigningKey,
  type FakeUpstream,
  fakeUpstream,
  listFiles,
  readIdentities,
  readTree,
  type StaticServer,
  serveDirectory,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../support/index.ts";
import { Site } from "../support/site.ts";
import { fileSystem, snapshots } from "./faulty-fs.ts";

let directory: TemporaryDirectory;
let upstream: FakeUpstream;
let server: StaticServer;

beforeAll(async () => {
  directory = await temporaryDirectory();
  const key = await createSigningKey();
  writeFileSync(directory.join("key.asc"), key.publicKeyArmored);
  upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  server = await serveDirectory(upstream.dir);
  upstream.suite("noble", { compressions: ["gz", "xz"] }).addPackage("first", "1.0");
  await upstream.publish();
});
afterAll(async () => {
  await server.close();
  await directory[Symbol.asyncDispose]();
});
afterEach(() => {
  fileSystem.linkless = undefined;
  snapshots.standApart = false;
});

const emptySite = (extra = ""): Promise<Site> =>
  Site.make({ url: server.url, keyFile: directory.join("key.asc"), extra });

const everywhere = (): boolean => true;

describe("`dir` without hard links", () => {
  test.each(["EPERM", "EOPNOTSUPP", "ENOSYS"] as const)(
    "is refused before any request if link(2) fails with %s",
    async (code) => {
      await using site = await emptySite();
      fileSystem.linkless = { where: everywhere, code };
      server.clearRequests();
      await expect(site.sync("noble")).rejects.toMatchObject({
        code: "NO_HARD_LINKS",
        message: expect.stringMatching(/^the file system of \S+ has no hard links$/),
        hint: expect.stringContaining("ext4, xfs, btrfs"),
      });
      expect(server.requests).toEqual([]);
      const left = await listFiles(site.dir);
      expect(left.filter((path) => !/^\.mirrorctl\/(?:locks|state)\//.test(path))).toEqual([]);
    },
  );

  test.each([
    ["EPERM", "the file system of TREES has no hard links"],
    ["EXDEV", "TREES is on another file system than the rest of OWN"],
  ] as const)("is refused if only the trees cannot be linked to (%s)", async (code, message) => {
    await using site = await emptySite();
    const { trees, own } = site.mirror("noble").layout;
    fileSystem.linkless = { where: (path) => path.startsWith(trees), code };
    await expect(site.sync("noble")).rejects.toMatchObject({
      code: "NO_HARD_LINKS",
      message: message.replace("TREES", trees).replace("OWN", own),
    });
  });

  test("is refused at the next download after a copy without hard links", async () => {
    await using site = await emptySite();
    await site.sync("noble");
    fileSystem.linkless = { where: everywhere, code: "EPERM" };
    const before = await readTree(site.dir);
    await site.sync("noble"); // without new files no link is made
    upstream.suite("noble").addPackage(`news-${before.size}`, "1.0");
    await upstream.publish();
    // Files with several names count as proof; here they have lost them.
    const live = realpathSync(join(site.dir, "noble/.live"));
    for (const path of await listFiles(live)) {
      const bytes = readFileSync(join(live, path));
      rmSync(join(live, path));
      writeFileSync(join(live, path), bytes);
    }
    server.clearRequests();
    await expect(site.sync("noble")).rejects.toMatchObject({ code: "NO_HARD_LINKS" });
    expect(server.requests.filter(({ path }) => /Packages|pool/.test(path))).toEqual([]);
  });
});

describe("snapshots without hard links, on another file system than `dir`", () => {
  test("are made of copies, and carry copies", async () => {
    await using site = await emptySite();
    await site.sync("noble");
    const noble = site.mirror("noble");
    snapshots.standApart = true;
    fileSystem.linkless = { where: (path) => path.includes("/.snapshots/"), code: "EPERM" };
    const plain = { stage: false, force: false };
    await createSnapshot(noble, { name: "one", ...plain });
    upstream.suite("noble").addPackage("another", "1.0");
    await upstream.publish();
    await site.sync("noble");
    await createSnapshot(noble, { name: "two", ...plain });
    await publishSnapshot(noble, "one", undefined);
    await publishSnapshot(noble, "two", undefined);
    const own = join(noble.layout.snapshots, "two");
    const live = await readTree(join(site.dir, "noble/.live"));
    const shown = await readTree(own);
    for (const [path, digest] of live) expect(shown.get(path)).toBe(digest);
    expect(readdirSync(join(noble.layout.snapshots, ".carried"))).toContain("two.json");
    for (const path of shown.keys()) expect(lstatSync(join(own, path)).nlink).toBe(1);
  });
});

async function check(site: Site) {
  const path = site.directory.join("mirror.toml");
  const text = `dir = "${site.dir}"
[mirrors.noble]
url = "${server.url}"
suites = ["noble"]
sections = ["main"]
architectures = ["amd64"]
pgp_key_path = "${directory.join("key.asc")}"
`;
  const inspection = inspectConfig({ text, path, env: {}, homeDir: site.directory.path });
  const before = readIdentities(site.directory.path);
  const report = await checkConfig(inspection, [site.mirror("noble")], invokerOf(createHost()));
  expect([...(readIdentities(site.directory.path)?.keys() ?? [])]).toEqual([...(before?.keys() ?? [])]);
  return report.problems.map(({ message }) => message);
}

describe("check config", () => {
  const fuse = 0x65735546;
  const vfat = 0x4d44;

  const withoutLinks = [
    expect.stringMatching(/: dir: the file system of \S+ has no hard links, expected one/),
  ];

  test("knows from its kind that a file system has none, and tries nothing", async () => {
    await using site = await emptySite();
    const before = readIdentities(site.dir);
    fileSystem.linkless = { where: () => false, code: "EPERM", type: vfat };
    expect(await check(site)).toEqual(withoutLinks);
    expect(readIdentities(site.dir)).toEqual(before);
  });

  test("tries it on a file system of another kind, and restores the times", async () => {
    await using site = await emptySite();
    const timeOf = (): number => lstatSync(site.dir).mtimeMs;
    const before = timeOf();
    fileSystem.linkless = { where: everywhere, code: "ENOSYS", type: fuse };
    expect(await check(site)).toEqual(withoutLinks);
    fileSystem.linkless = { where: () => false, code: "ENOSYS", type: fuse };
    expect(await check(site)).toEqual([]);
    expect(Math.abs(timeOf() - before)).toBeLessThan(1);
    expect(existsSync(join(site.dir, ".mirrorctl-probe"))).toBe(false);
  });
});
