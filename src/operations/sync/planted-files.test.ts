/** Files and links that a disk, a user or a killed run left among mirrorctl's own: none gets into a tree, no link is followed. */
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { digestOf } from "../../../test/support/digests.ts";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const suite = "dists/stable";
const packages = `${suite}/main/binary-amd64/Packages.gz`;
const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
const secret = "root:$6$secret";
/** Enough for a download to be one that can be resumed. */
const noise = randomBytes(1_500_000);

async function openSynced(digests?: readonly ["SHA512"]): Promise<SyncedMirror> {
  const mirror = await openMirror();
  mirror.upstream
    .suite("stable", { compressions: ["gz"], ...(digests && { digests }) })
    .addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced" });
  return mirror;
}

/** Another selection makes a new tree of the same Release. */
const syncAnew = (mirror: SyncedMirror, isFirst = true) =>
  mirror.sync({ extra: isFirst ? "translations = false\n" : "contents = false\n" });

/** Replaces a file of mirrorctl by a link to a secret. Returns the path of the secret. */
function plantLink(mirror: SyncedMirror, path: string): string {
  const victim = join(mirror.dir, "../secret");
  writeFileSync(victim, secret);
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(victim, path);
  return victim;
}

/** Changes one byte of a file in place, as a disk would: every tree that shares it sees the change. */
function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
  writeFileSync(path, bytes);
}

const treeOf = ({ dir }: SyncedMirror): string => join(dir, "m", readlinkSync(join(dir, "m/.live")));
const objectOf = ({ dir, upstream }: SyncedMirror, path: string): string => {
  const sha256 = digestOf(readFileSync(upstream.path(path)), "SHA256");
  return join(dir, ".mirrorctl/objects/sha256", sha256.slice(0, 2), sha256);
};
const partialOf = ({ dir, upstream }: SyncedMirror, path: string): string =>
  join(dir, ".mirrorctl/partial/m", digestOf(readFileSync(upstream.path(path)), "SHA256"));

async function expectUpstreams(mirror: SyncedMirror, ...paths: readonly string[]): Promise<void> {
  const tree = await mirror.tree();
  for (const path of paths)
    expect([path, tree.get(path)]).toEqual([
      path,
      digestOf(readFileSync(mirror.upstream.path(path)), "SHA256"),
    ]);
}

test.each([`${suite}/Release`, `${suite}/Release.gpg`, `${suite}/InRelease`, packages, deb])(
  "does not follow a link instead of %s into the next tree",
  async (path) => {
    await using mirror = await openSynced();
    for (const knowsWhatCame of [true, false]) {
      plantLink(mirror, join(treeOf(mirror), path));
      if (!knowsWhatCame) rmSync(join(mirror.dir, ".mirrorctl/state/m.json"));
      expect((await syncAnew(mirror, knowsWhatCame)).outcome).toMatchObject({ kind: "synced" });
      await expectUpstreams(mirror, path);
    }
  },
);

test.each([`${suite}/Release`, `${suite}/Release.gpg`, `${suite}/InRelease`, packages])(
  "downloads %s again that the disk has changed",
  async (path) => {
    await using mirror = await openSynced();
    damage(join(treeOf(mirror), path));
    expect((await syncAnew(mirror)).outcome).toMatchObject({ kind: "synced" });
    await expectUpstreams(mirror, path);
  },
);

test.each([packages, deb])("replaces a link that has the name of the object of %s", async (path) => {
  await using mirror = await openSynced();
  const victim = plantLink(mirror, objectOf(mirror, path));
  expect((await syncAnew(mirror)).outcome).toMatchObject({ kind: "synced" });
  await expectUpstreams(mirror, path);
  expect(readFileSync(victim, "utf8")).toBe(secret);
});

test("does not follow a link instead of a package without SHA-256", async () => {
  await using mirror = await openSynced(["SHA512"]);
  const path = join(treeOf(mirror), deb);
  rmSync(path);
  symlinkSync(mirror.upstream.path(deb), path); // the right bytes, of another's file
  expect((await syncAnew(mirror)).outcome).toMatchObject({ kind: "synced" });
  expect(() => readlinkSync(join(treeOf(mirror), deb))).toThrow("EINVAL");
});

test.each(["", ".validator", ".decoded"])(
  "replaces a link instead of a download%s, and does not write through it",
  async (suffix) => {
    await using mirror = await openSynced();
    const added = "pool/main/b/big/big_1.0-1_amd64.deb";
    mirror.upstream.suite("stable").addPackage("big", "1.0-1", { files: { "usr/share/big": noise } });
    await mirror.upstream.publish();
    const victim = plantLink(mirror, `${partialOf(mirror, added)}${suffix}`);
    expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced" });
    await expectUpstreams(mirror, added);
    expect(readFileSync(victim, "utf8")).toBe(secret);
  },
);

test("removes a link among the trees, and not its target", async () => {
  await using mirror = await openSynced();
  const elsewhere = join(mirror.dir, "../elsewhere");
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, "precious"), "");
  symlinkSync(elsewhere, join(mirror.dir, ".mirrorctl/trees/m/20200101T000000.000Z"));
  expect((await syncAnew(mirror)).outcome).toMatchObject({ kind: "synced" });
  const trees = readdirSync(join(mirror.dir, ".mirrorctl/trees/m"));
  expect(trees.filter((name) => !name.startsWith("."))).toHaveLength(1);
  expect(existsSync(join(elsewhere, "precious"))).toBe(true);
});
