import { hash, randomBytes } from "node:crypto";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { listFiles, type TemporaryDirectory, temporaryDirectory } from "../../../../test/support/index.ts";
import { openMirror, type RunOptions, type SyncedMirror } from "../test-support.ts";

const pathOf = (name: string): string => `pool/main/${name[0]}/${name}/${name}_1.0_amd64.deb`;
const names = ["alpha", "beta", "gamma"];

interface Opened {
  readonly mirror: SyncedMirror;
  readonly old: TemporaryDirectory;
  /** Syncs with the directory of the other tool. Returns what was requested below pool/, and what was said. */
  sync(
    link?: boolean,
    options?: RunOptions,
  ): Promise<{ readonly pool: readonly string[]; readonly asked: readonly string[]; readonly said: string }>;
}

/** An upstream with three packages, and a directory of another tool that holds a copy of it. */
async function openWithOldTree(): Promise<Opened> {
  const mirror = await openMirror();
  const old = await temporaryDirectory("mirrorctl-old-");
  onTestFinished(async () => {
    await mirror[Symbol.asyncDispose]();
    await old[Symbol.asyncDispose]();
  });
  for (const name of names) mirror.upstream.suite("stable").addPackage(name, "1.0");
  await mirror.upstream.publish();
  cpSync(mirror.upstream.dir, old.join("mirror/archive.example/debian"), { recursive: true });
  return {
    mirror,
    old,
    async sync(link = false, options = {}) {
      const found = { directories: [old.path], link };
      const { outcome, asked, said } = await mirror.sync({ ...options, found });
      expect(outcome).toMatchObject({ kind: "synced" });
      for (const name of names)
        expect(readFileSync(`${mirror.dir}/m/.live/${pathOf(name)}`)).toEqual(
          readFileSync(mirror.upstream.path(pathOf(name))),
        );
      expect(await listFiles(`${mirror.dir}/.mirrorctl/partial`).catch(() => [])).toEqual([]);
      return { pool: asked.filter((path) => path.includes("/pool/")).toSorted(), asked, said };
    },
  };
}

const inOld = ({ old }: Opened, name: string): string =>
  old.join("mirror/archive.example/debian", pathOf(name));

test("no package and no index is requested that lies on this disk", async () => {
  const site = await openWithOldTree();
  const { asked, said } = await site.sync();
  expect(asked.filter((path) => !/\/(?:In)?Release(?:\.gpg)?$/.test(path))).toEqual([]);
  expect(said).toMatch(/Reused 3 files \(.+\): 3 copied/);
  expect(said).toContain("No files to download");
});

test("packages under other names and in other directories are found", async () => {
  const site = await openWithOldTree();
  mkdirSync(site.old.join("aptly"));
  renameSync(inOld(site, "alpha"), site.old.join("aptly/0123456789abcdef0123456789ab_alpha_1.0_amd64.deb"));
  renameSync(inOld(site, "beta"), site.old.join("nameless"));
  expect((await site.sync()).pool).toEqual([]);
});

test("a damaged, an unfinished and a missing file are downloaded", async () => {
  const site = await openWithOldTree();
  const damaged = inOld(site, "alpha");
  writeFileSync(damaged, Buffer.alloc(statSync(damaged).size, "x"));
  const unfinished = inOld(site, "beta");
  writeFileSync(unfinished, readFileSync(unfinished).subarray(0, 20));
  rmSync(inOld(site, "gamma"));
  const { pool, said } = await site.sync();
  expect(pool).toEqual(names.map((name) => `/${pathOf(name)}`));
  expect(said).toContain("Reused 0 files");
});

test("the other tree does not change", async () => {
  const site = await openWithOldTree();
  const facts = async () =>
    (await listFiles(site.old.path)).map((path) => {
      const { ino, mode, mtimeMs, ctimeMs, nlink } = lstatSync(site.old.join(path));
      return { path, ino, mode, mtimeMs, ctimeMs, nlink };
    });
  const before = await facts();
  await site.sync();
  expect(await facts()).toEqual(before);
});

test("with links, the objects are the files of the other tree", async () => {
  const site = await openWithOldTree();
  const { pool, said } = await site.sync(true);
  expect(pool).toEqual([]);
  expect(said).toContain("3 linked");
  const live = statSync(join(site.mirror.dir, "m/.live", pathOf("alpha")));
  expect(live.ino).toBe(statSync(inOld(site, "alpha")).ino);
});

test("links in the directory are not followed, and a loop of them ends", async () => {
  const site = await openWithOldTree();
  const elsewhere = await temporaryDirectory();
  onTestFinished(() => elsewhere[Symbol.asyncDispose]());
  renameSync(dirname(inOld(site, "alpha")), elsewhere.join("alpha"));
  symlinkSync(elsewhere.path, site.old.join("mirror/elsewhere"));
  symlinkSync(site.old.path, site.old.join("mirror/loop"));
  symlinkSync("/etc/shadow", site.old.join("mirror/alpha_1.0_amd64.deb"));
  expect((await site.sync()).pool).toEqual([`/${pathOf("alpha")}`]);
});

describe("what cannot be looked at is named, and the rest is used:", () => {
  test.each<[string, (site: Opened) => void, RegExp]>([
    [
      "a file, as in a directory that may be listed and not entered",
      ({ old }) => {
        const deep = Array.from({ length: 20 }, () => "d".repeat(198)).join("/"); // nearly as long as a path may be
        mkdirSync(old.join(deep), { recursive: true });
        symlinkSync(old.join(deep), old.join("deep"));
        const file = old.join("deep", "f".repeat(250));
        writeFileSync(file, "");
        onTestFinished(() => rmSync(file)); // by its short path: no other reaches it
      },
      /d{198} \(ENAMETOOLONG\)/,
    ],
    [
      "a directory whose name is not UTF-8",
      ({ old }) => mkdirSync(Buffer.from(old.join("bad\xff"), "latin1")),
      /bad\uFFFD \(EILSEQ\)/,
    ],
  ])("%s", async (_what, spoil, warning) => {
    const site = await openWithOldTree();
    spoil(site);
    const { pool, said } = await site.sync();
    expect(pool).toEqual([]);
    expect(said).toMatch(warning);
  });
});

test("what an interrupted run took is not taken again", async () => {
  const site = await openWithOldTree();
  rmSync(inOld(site, "gamma"));
  const fault = site.mirror.server.fault({ path: `/${pathOf("gamma")}`, status: 400 });
  const first = await site.mirror.sync({ found: { directories: [site.old.path], link: false } });
  expect(first.outcome.kind).toBe("failed");
  expect(first.said).toContain("Reused 2 files");
  fault.disarm();
  const { said, pool } = await site.sync();
  expect(said).toContain("Reused 0 files");
  expect(pool).toEqual([`/${pathOf("gamma")}`]);
});

test("a damaged index of the other tree is requested, and read from upstream", async () => {
  const site = await openWithOldTree();
  const dists = site.old.join("mirror/archive.example/debian/dists");
  for (const path of await listFiles(dists)) {
    const bytes = readFileSync(join(dists, path));
    writeFileSync(join(dists, path), Buffer.alloc(bytes.length, "x"));
  }
  const { pool, asked } = await site.sync();
  expect(pool).toEqual([]);
  expect(asked.filter((path) => path.includes("/binary-amd64/"))).not.toEqual([]);
});

const littleSpace = () => ({ bytes: 200_000, inodes: 100_000 });

/** With a package that is larger than that. */
async function openLarge(): Promise<Opened> {
  const site = await openWithOldTree();
  const files = { "usr/share/data": randomBytes(600_000) };
  site.mirror.upstream.suite("stable").addPackage("large", "1.0", { files });
  await site.mirror.upstream.publish();
  cpSync(site.mirror.upstream.path("pool"), site.old.join("pool"), { recursive: true });
  return site;
}

describe("on a disk that is nearly full", () => {
  const refused = { kind: "failed", error: { code: "DISK_FULL" } };

  test("copies that do not fit are refused before the first", async () => {
    const { mirror, old } = await openLarge();
    const found = { directories: [old.path], link: false };
    const { outcome } = await mirror.sync({ freeSpace: littleSpace, found });
    expect(outcome).toMatchObject(refused);
  });

  test("links need no space", async () => {
    const site = await openLarge();
    expect((await site.sync(true, { freeSpace: littleSpace })).pool).toEqual([]);
  });
});

test("what upstream lacks is taken from this disk, under the same Release", async () => {
  const site = await openWithOldTree();
  const extra = "allow_missing = true\n";
  const alpha = pathOf("alpha");
  const right = readFileSync(site.mirror.upstream.path(alpha));
  site.mirror.upstream.remove(alpha);
  const first = await site.mirror.sync({ extra });
  expect(first.outcome).toMatchObject({ missing: [{ path: alpha }] });
  const { outcome } = await site.mirror.sync({ extra, found: { directories: [site.old.path], link: false } });
  expect(outcome).toMatchObject({ unchanged: false, fetchedFiles: 0, missing: [], reused: { files: 1 } });
  expect(readFileSync(`${site.mirror.dir}/m/.live/${alpha}`)).toEqual(right);
});

describe("a directory that cannot be used is refused before any request:", () => {
  test.each([
    ["one that is missing", (site: Opened) => site.old.join("missing"), "there is no such directory"],
    ["a file", (site: Opened) => inOld(site, "alpha"), "it is not a directory"],
    ["one in `dir`", (site: Opened) => `${site.mirror.dir}/m`, "whose files mirrorctl uses"],
    [
      "a link into `dir`",
      (site: Opened) => {
        symlinkSync(site.mirror.dir, site.old.join("link"));
        return site.old.join("link");
      },
      "whose files mirrorctl uses",
    ],
  ])("%s", async (_what, directoryOf, message) => {
    const site = await openWithOldTree();
    await site.sync();
    site.mirror.server.clearRequests();
    const found = { directories: [directoryOf(site)], link: false };
    await expect(site.mirror.syncAll({ found })).rejects.toThrow(message);
    expect(site.mirror.server.requests).toEqual([]);
  });
});

describe("a dry run", () => {
  test("says what a sync would reuse and download, and changes nothing", async () => {
    const site = await openWithOldTree();
    renameSync(inOld(site, "alpha"), site.old.join("nameless"));
    const damaged = inOld(site, "beta");
    writeFileSync(damaged, Buffer.alloc(statSync(damaged).size, "x"));
    const sizeOf = (name: string): number => statSync(site.mirror.upstream.path(pathOf(name))).size;
    const found = { directories: [site.old.path], link: false };
    const { outcome, said } = await site.mirror.dryRun({ found });
    expect(outcome).toMatchObject({
      kind: "estimated",
      missingFiles: 1,
      missingBytes: sizeOf("beta"),
      reusable: { files: 2, sizeBytes: sizeOf("alpha") + sizeOf("gamma") },
    });
    expect(said).toContain("A sync would reuse 2 files");
    expect(existsSync(site.mirror.dir)).toBe(false);
    expect((await site.sync()).pool).toEqual([`/${pathOf("beta")}`]);
  });

  test("counts the space of copies, and none for links", async () => {
    const site = await openWithOldTree();
    const needOf = async (link: boolean): Promise<number> => {
      const { outcome } = await site.mirror.dryRun({ found: { directories: [site.old.path], link } });
      return outcome.kind === "estimated" ? (outcome.needs[0]?.needed.bytes ?? 0) : 0;
    };
    const storeDirectory = (path: string): string =>
      hash("sha256", readFileSync(site.mirror.upstream.path(path)), "hex").slice(0, 2);
    // Release is another one each hour, and may be in the directory of a package.
    const taken = (await listFiles(site.mirror.upstream.dir))
      .filter((path) => !path.startsWith("pool/"))
      .map(storeDirectory);
    const added = new Set(names.map(pathOf).map(storeDirectory)).difference(new Set(taken));
    const blocks = (names.length + added.size) * 4096; // each package is smaller than a block
    expect(await needOf(false)).toBe((await needOf(true)) + blocks);
  });
});
