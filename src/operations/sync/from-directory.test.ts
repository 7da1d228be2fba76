/** Syncs from a directory in place of the upstream: nothing is asked over the network, and nothing is trusted more. */
import { cpSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTree } from "../../../test/support/index.ts";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
const newDeb = "pool/main/n/newcomer/newcomer_1.0-1_amd64.deb";

/** A mirror that has synced nothing, and a copy of its upstream on a disk. */
async function openCarried(packages: readonly string[] = ["hello"]) {
  const mirror = await openMirror();
  const suite = mirror.upstream.suite("stable", { compressions: ["gz"] });
  for (const name of packages) suite.addPackage(name, "1.0-1");
  const disk = join(mirror.dir, "../disk");
  const carry = async (): Promise<void> => {
    await mirror.upstream.publish();
    rmSync(disk, { recursive: true, force: true });
    cpSync(mirror.upstream.dir, disk, { recursive: true, preserveTimestamps: true });
  };
  await carry();
  return { mirror, disk, carry, suite };
}

const everything = async ({ dir }: SyncedMirror): Promise<readonly (readonly [string, string])[]> =>
  existsSync(dir)
    ? [...(await readTree(dir))].filter(([path]) => !/^\.mirrorctl\/(?:locks|state)\//.test(path))
    : [];

test("takes a whole mirror from a directory, and asks no server", async () => {
  const { mirror, disk } = await openCarried();
  await using _ = mirror;
  const { outcome, asked, said } = await mirror.sync({ from: disk });
  expect(outcome).toMatchObject({ kind: "synced", fetchedFiles: 1 });
  expect(asked).toEqual([]);
  expect(said).toContain(`Reading ${disk} in place of upstream`);
  expect(said).toMatch(/Copying 1 file \(.*\) from .*disk/);
  const tree = await mirror.tree();
  expect(tree.get(deb)).toBe((await readTree(disk)).get(deb));
  expect((await mirror.sync({ from: disk })).outcome).toMatchObject({ kind: "synced", unchanged: true });
});

test("needs no file that is held", async () => {
  const { mirror, disk, carry, suite } = await openCarried();
  await using _ = mirror;
  await mirror.sync({ from: disk });
  suite.addPackage("newcomer", "1.0-1");
  await carry();
  rmSync(join(disk, deb));
  expect((await mirror.sync({ from: disk })).outcome).toMatchObject({ kind: "synced", fetchedFiles: 1 });
  expect([...(await mirror.tree()).keys()]).toEqual(expect.arrayContaining([deb, newDeb]));
});

test("names what is neither held nor there, and changes nothing", async () => {
  const { mirror, disk, carry, suite } = await openCarried();
  await using _ = mirror;
  await mirror.sync({ from: disk });
  suite.addPackage("newcomer", "1.0-1").addPackage("other", "1.0-1");
  await carry();
  rmSync(join(disk, newDeb));
  const before = await mirror.tree();
  const { outcome, said, asked } = await mirror.sync({ from: disk });
  expect(outcome).toMatchObject({ kind: "failed", error: { code: "FILES_MISSING" } });
  expect(said).toContain(`${disk} lists a file that neither it nor this mirror has as listed:`);
  expect(said).toContain(`${newDeb}: no ${disk}/${newDeb}`);
  expect(said).toContain("mirrorctl export");
  expect(asked).toEqual([]);
  expect(await mirror.tree()).toEqual(before);
  cpSync(mirror.upstream.path(newDeb), join(disk, newDeb));
  expect((await mirror.sync({ from: disk })).outcome).toMatchObject({ kind: "synced", fetchedFiles: 1 });
});

test.each([
  ["other bytes of the same size", (path: string) => writeFileSync(path, flipped(readFileSync(path)))],
  ["fewer bytes", (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 20))],
  [
    "a link that leads out",
    (path: string) => {
      rmSync(path);
      symlinkSync("/etc/passwd", path);
    },
  ],
])("takes no package with %s", async (_what, spoil) => {
  const { mirror, disk } = await openCarried();
  await using _ = mirror;
  spoil(join(disk, deb));
  const { outcome, said } = await mirror.sync({ from: disk });
  expect(outcome).toMatchObject({ kind: "failed", error: { code: "FILES_MISSING" } });
  expect(said).toContain(deb);
  expect(existsSync(join(mirror.dir, "m/.live"))).toBe(false);
});

test("takes no index with other bytes", async () => {
  const { mirror, disk } = await openCarried();
  await using _ = mirror;
  const index = "dists/stable/main/binary-amd64/Packages.gz";
  rmSync(join(disk, "dists/stable/main/binary-amd64/by-hash"), { recursive: true });
  writeFileSync(join(disk, index), flipped(readFileSync(join(disk, index))));
  const { outcome, said } = await mirror.sync({ from: disk });
  expect(outcome).toMatchObject({ kind: "failed", error: { code: "DIGEST_MISMATCH" } });
  expect(said).toContain(index);
  expect(said).not.toMatch(/again in|cache|may be changing/); // nothing in a directory changes by waiting
  expect(said).toContain("Copy them from the other side again");
});

test.each([
  [
    "with another signed text",
    (text: string) => text.replace("Origin: Fake", "Origin: Evil"),
    "SIGNATURE_INVALID",
  ],
  [
    "without a signature",
    (text: string) => text.replace(/-----BEGIN PGP SIGNATURE[^]*/, ""),
    "FRAMING_INVALID",
  ],
])("refuses a tree %s, and takes no file from it", async (_what, change, code) => {
  const { mirror, disk } = await openCarried();
  await using _ = mirror;
  const path = join(disk, "dists/stable/InRelease");
  writeFileSync(path, change(readFileSync(path, "latin1")), "latin1");
  const { outcome } = await mirror.sync({ from: disk });
  expect(outcome).toMatchObject({ kind: "failed", error: { code } });
  expect((await everything(mirror)).filter(([, text]) => text !== "")).toEqual([]);
});

test("says that a directory has no Release, or is not there", async () => {
  const { mirror, disk } = await openCarried();
  await using _ = mirror;
  for (const name of ["InRelease", "Release", "Release.gpg"]) rmSync(join(disk, "dists/stable", name));
  const without = await mirror.sync({ from: disk });
  expect(without.outcome).toMatchObject({ kind: "failed", error: { code: "DIRECTORY_UNUSABLE" } });
  expect(without.said).toContain(`${disk} has neither dists/stable/InRelease nor dists/stable/Release`);
  const gone = await mirror.sync({ from: `${disk}-gone` });
  expect(gone.outcome).toMatchObject({ kind: "failed", error: { code: "DIRECTORY_UNUSABLE" } });
});

test("goes on with its server later, and downloads nothing that came on the disk", async () => {
  const { mirror, disk, suite } = await openCarried();
  await using _ = mirror;
  await mirror.sync({ from: disk });
  const same = await mirror.sync();
  expect(same.outcome).toMatchObject({ kind: "synced", unchanged: true });
  suite.addPackage("newcomer", "1.0-1");
  await mirror.upstream.publish();
  const { outcome, asked } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "synced", fetchedFiles: 1 });
  expect(asked.filter((path) => path.endsWith(".deb"))).toEqual([`/${newDeb}`]);
});

test("links the files of a directory that --files names too", async () => {
  const { mirror, disk } = await openCarried();
  await using _ = mirror;
  const { outcome } = await mirror.sync({ from: disk, found: { directories: [disk], link: true } });
  expect(outcome).toMatchObject({ kind: "synced", fetchedFiles: 0 });
  expect(statSync(join(mirror.dir, "m", deb)).ino).toBe(statSync(join(disk, deb)).ino);
});

test("estimates from a directory what a sync would copy", async () => {
  const { mirror, disk } = await openCarried();
  await using _ = mirror;
  const { outcome, asked } = await mirror.dryRun({ from: disk });
  expect(outcome).toMatchObject({ kind: "estimated", missingFiles: 1 });
  expect(asked).toEqual([]);
});

test("an export that did not end is refused before anything is read", async () => {
  const { mirror, disk } = await openCarried();
  await using _ = mirror;
  const label = { format: 1, complete: false, mirror: "m", files: 1, sizeBytes: 1 };
  const text = JSON.stringify({ ...label, exportedAt: "2026-05-04T03:02:01.000Z" });
  writeFileSync(join(disk, "mirrorctl-export.json"), text);
  const { outcome } = await mirror.sync({ from: disk });
  expect(outcome).toMatchObject({ kind: "failed", error: { area: "export", code: "INCOMPLETE" } });
});

function flipped(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  other[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  return other;
}
