import {
  cpSync,
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
import { expect, onTestFinished, test } from "vitest";
import { listFiles, type TemporaryDirectory, temporaryDirectory } from "../../../../test/support/index.ts";
import { openMirror, type SyncedMirror } from "../test-support.ts";

const pathOf = (name: string): string => `pool/main/${name[0]}/${name}/${name}_1.0_amd64.deb`;
const names = ["alpha", "beta", "gamma"];

interface Opened {
  readonly mirror: SyncedMirror;
  readonly old: TemporaryDirectory;
  /** Syncs with the directory of the other tool. Returns what was requested below pool/, and what was said. */
  sync(link?: boolean): Promise<{ readonly pool: readonly string[]; readonly said: string }>;
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
    async sync(link = false) {
      const { outcome, asked, said } = await mirror.sync({ found: { directories: [old.path], link } });
      expect(outcome).toMatchObject({ kind: "synced" });
      for (const name of names)
        expect(readFileSync(`${mirror.dir}/m/.live/${pathOf(name)}`)).toEqual(
          readFileSync(mirror.upstream.path(pathOf(name))),
        );
      expect(await listFiles(`${mirror.dir}/.mirrorctl/partial`).catch(() => [])).toEqual([]);
      return { pool: asked.filter((path) => path.includes("/pool/")).toSorted(), said };
    },
  };
}

const inOld = ({ old }: Opened, name: string): string =>
  old.join("mirror/archive.example/debian", pathOf(name));

test("no package is requested that lies on this disk", async () => {
  const site = await openWithOldTree();
  const { pool, said } = await site.sync();
  expect(pool).toEqual([]);
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
