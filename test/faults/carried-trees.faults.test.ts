/** Each step of an export, and of a sync from one, fails: the mirror is whole, and the same command again completes. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { assertWritable } from "../../src/operations/export/check-names.ts";
import { exportMirror } from "../../src/operations/export/index.ts";
import { freeSpace } from "../../src/platform/space.ts";
import { createTestbed, readTree, type Testbed } from "../support/index.ts";
import { Site } from "../support/site.ts";
import { failEachStep, recordSteps } from "./fail-each-step.ts";
import { failFirst } from "./fail-first.ts";
import { fileSystem, snapshots } from "./faulty-fs.ts";
import { putForeignFiles } from "./foreign-files.ts";
import { unheldObjects } from "./problems.ts";

let origin: Testbed;
/** Has two snapshots of its upstream. */
let outside: Site;
/** Has the first of them. */
let inside: Site;
/** Has an export of the second, without what the first has. */
let carried: string;
/** Has the second in a dated directory. */
let past: string;

const withSnapshots = `[mirrors.noble.snapshot]\ndefault_name_format = "2006-01-02"\n`;

beforeAll(async () => {
  origin = await createTestbed({});
  carried = origin.join("carried");
  const { upstream, server, keyFile } = origin;
  const options = { compressions: ["gz"], signatures: "inline", digests: ["SHA256"] } as const;
  const suite = upstream.suite("noble", options).addPackage("stays", "1.0").addPackage("changes", "1.0");
  await upstream.publish();
  const open = () => Site.make({ url: server.url, keyFile, extra: withSnapshots });
  outside = await open();
  inside = await open();
  for (const site of [outside, inside]) {
    putForeignFiles(site);
    await site.sync("noble");
  }
  const [first] = await outside.mirror("noble").catalog.list();
  suite.removePackage("changes").addPackage("changes", "2.0");
  await upstream.publish();
  for (const site of [outside, inside]) site.passHours(24);
  await outside.sync("noble");
  await exportTo(outside, carried, first?.name);
  past = origin.join("past");
  cpSync(upstream.dir, join(past, "2026-10-01"), { recursive: true, preserveTimestamps: true });
  await server.close();
});
afterAll(async () => {
  recordSteps("Failing steps of exports");
  await outside[Symbol.asyncDispose]();
  await inside[Symbol.asyncDispose]();
  await origin[Symbol.asyncDispose]();
});

const exportTo = (site: Site, to: string, since?: string) =>
  exportMirror(site.mirror("noble"), freeSpace, { to, since, dryRun: false });

const diskOf = (site: Site): string => site.directory.join("disk");

const labelName = "mirrorctl-export.json";

function saysComplete(disk: string): boolean {
  const label = join(disk, labelName);
  return existsSync(label) && /"complete": true/.test(readFileSync(label, "utf8"));
}

/** Returns the paths of the files of one disk that the other lacks, or has with other bytes. */
function differencesFrom(whole: string, disk: string): readonly string[] {
  const paths = readdirSync(whole, { recursive: true, encoding: "utf8" });
  return paths
    .filter((path) => path !== labelName && statSync(join(whole, path)).isFile())
    .filter((path) => {
      const copy = join(disk, path);
      return !existsSync(copy) || !readFileSync(copy).equals(readFileSync(join(whole, path)));
    });
}

test("an export survives a failure of each of its steps", async () => {
  await using template = await outside.copy();
  const { steps, problems } = await failEachStep({
    template,
    run: async (site) => {
      const [, first] = await site.mirror("noble").catalog.list();
      await exportTo(site, diskOf(site), first?.name);
      const [difference] = differencesFrom(carried, diskOf(site));
      if (difference !== undefined) throw new Error(`${difference} is not as it should be`);
    },
    // What is left in between may say that it is whole only if it is.
    watch: (site) => {
      const isLie = saysComplete(diskOf(site)) && differencesFrom(carried, diskOf(site)).length > 0;
      return () => (isLie ? ["the failed export says that it is complete"] : []);
    },
    mayFail: /^(?:unlink|close|fsync) |\.mirrorctl-export\.try/,
    isSlow: true,
  });
  expect(problems).toEqual([]);
  expect(steps.EIO).toBeGreaterThan(3);
});

test("an export whose disk lost a write leaves no file that the next one would trust", async () => {
  const run = (site: Site) => exportTo(site, diskOf(site));
  const { site, error } = await failFirst(outside, /^syncfs /, run);
  onTestFinished(() => site[Symbol.asyncDispose]());
  expect(error).toMatchObject({ code: "WRITE_LOST" });
  expect([...(await readTree(diskOf(site))).keys()]).toEqual([labelName]);
  expect(saysComplete(diskOf(site))).toBe(false);
  await run(site);
  expect(saysComplete(diskOf(site))).toBe(true);
});

test("a sync from an export survives a failure of each of its steps", async () => {
  await using template = await inside.copy();
  const { steps, problems } = await failEachStep({
    template,
    run: (site) => site.sync("noble", { from: carried }),
    isSlow: true,
    // As in other syncs, a full disk has no room for a spare, nor for what makes others faster.
    mayFail:
      /\/\.[^/]+\.(?:spare\.draft|files)(?:\/|\.next|$)|\/\.differences(?:\/|$)|^close .*\/\.snapshots\/.*\.deb$/,
  });
  expect(problems).toEqual([]);
  expect(steps.EIO).toBeGreaterThan(3);
});

test("an import of snapshots survives a failure of each of its steps", async () => {
  await using template = await inside.copy();
  const { steps, problems } = await failEachStep({
    template,
    run: (site) => site.importSnapshots("noble", past),
    isSlow: true,
  });
  expect(problems).toEqual([]);
  expect(steps.EIO).toBeGreaterThan(3);
});

/** Exports packages of these paths to a disk with FAT. Returns what is there then, and the error. */
async function exportNamed(...paths: readonly string[]) {
  const bed = await createTestbed({});
  onTestFinished(() => bed[Symbol.asyncDispose]());
  const suite = bed.upstream.suite("noble", { compressions: ["gz"] });
  for (const [index, filename] of paths.entries()) suite.addPackage(`p${index}`, "1.0", { filename });
  await bed.upstream.publish();
  await using site = await Site.make({ url: bed.server.url, keyFile: bed.keyFile });
  await site.sync("noble");
  const disk = diskOf(site);
  fileSystem.fat = (path) => path.startsWith(disk);
  onTestFinished(() => {
    fileSystem.fat = undefined;
  });
  const error: unknown = await exportTo(site, disk).catch((reason: unknown) => reason);
  return { error, there: readdirSync(disk).toSorted() };
}

describe("a disk with FAT", () => {
  test("takes names with ~, + and %", async () => {
    const { there } = await exportNamed("pool/a+b~1_%3a2.deb");
    expect(there).toEqual(["dists", labelName, "pool"]);
  });

  test("refuses a name with a colon before anything is copied", async () => {
    expect(await exportNamed("pool/a.deb", "pool/b:1.deb")).toMatchObject({
      error: { code: "NAME_UNWRITABLE", items: ["pool/b:1.deb"] },
      there: [],
    });
  });

  test("refuses names that differ in upper and lower case alone", async () => {
    expect(await exportNamed("pool/a.deb", "pool/A.deb", "pool/c.deb")).toMatchObject({
      error: { code: "NAME_UNWRITABLE", items: ["pool/a.deb", "pool/A.deb"] },
      there: [],
    });
  });

  test("refuses a file of 4 GiB", () => {
    fileSystem.linkless = { where: () => false, code: "EPERM", type: 0x4d44 };
    onTestFinished(() => {
      fileSystem.linkless = undefined;
    });
    const target = { path: origin.path, isCutOff: false };
    const files = [2 ** 32 - 1, 2 ** 32].map((sizeBytes) => ({ path: `pool/${sizeBytes}.deb`, sizeBytes }));
    expect(() => assertWritable(target, files)).toThrow(
      expect.objectContaining({ code: "NAME_UNWRITABLE", items: ["pool/4294967296.deb"] }),
    );
  });
});

test("an import to another file system copies, and leaves no object without a tree", async () => {
  await using site = await inside.copy();
  snapshots.standApart = true;
  onTestFinished(() => {
    snapshots.standApart = false;
  });
  await site.importSnapshots("noble", past);
  expect(await site.mirror("noble").catalog.find("2026-10-01")).toMatchObject({ recorded: true });
  expect(unheldObjects(site)).toEqual([]);
});

test("a sync from a disk that was pulled out leaves the mirror as it was", async () => {
  await using site = await inside.copy();
  const pulled = site.directory.join("pulled");
  cpSync(carried, pulled, { recursive: true });
  rmSync(join(pulled, "pool"), { recursive: true });
  const before = await readTree(join(site.dir, "noble"));
  await expect(site.sync("noble", { from: pulled })).rejects.toMatchObject({ code: "FILES_MISSING" });
  expect(await readTree(join(site.dir, "noble"))).toEqual(before);
  await site.sync("noble", { from: carried });
});
