/** Complete syncs that make the next tree of the spare: clients see what a sync without a spare would show. */

import { hash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { array, assert, asyncProperty, constantFrom, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { readTree } from "../../../../test/support/index.ts";
import { putObject } from "../../../store/test-support.ts";
import { openMirror, type SyncedMirror, withLargeStanzas } from "../test-support.ts";

const changesIn = (version: string): string => `pool/main/c/changes/changes_${version}_amd64.deb`;
const stays = "pool/main/s/stays/stays_1.0_amd64.deb";

const also = "pool/main/a/also/also_1.0_amd64.deb";

/** Syncs three versions, so that there is a spare. */
async function openWithSpare(extra = ""): Promise<SyncedMirror> {
  const mirror = await openMirror();
  mirror.upstream
    .suite("stable", { compressions: ["gz"], editIndex: withLargeStanzas })
    .addPackage("stays", "1.0")
    .addPackage("also", "1.0")
    .addPackage("changes", "0.0");
  for (const version of ["1.0", "2.0"]) await change(mirror, version, extra);
  expect(existsSync(spareOf(mirror))).toBe(true);
  return mirror;
}

async function change(mirror: SyncedMirror, version: string, extra = "", now = new Date()): Promise<void> {
  mirror.upstream.suite("stable").removePackage("changes").addPackage("changes", version);
  await mirror.upstream.publish();
  const { outcome, said } = await mirror.sync({ extra, now });
  expect([outcome.kind, said]).toEqual(["synced", expect.not.stringContaining("failed")]);
}

const shownTree = ({ dir }: SyncedMirror): string => realpathSync(join(dir, "m/.live"));
const beside = (mirror: SyncedMirror, suffix: string): string =>
  join(dirname(shownTree(mirror)), `.${shownTree(mirror).split("/").at(-1)}${suffix}`);
const spareOf = (mirror: SyncedMirror): string => beside(mirror, ".spare");
const listOf = (mirror: SyncedMirror): string => beside(mirror, ".files");
const inodeOf = (path: string): number => statSync(path).ino;

/**
 * Returns the tree that a sync of the same upstream shows that has no spare and reads all stanzas. It differs in the time of its
 * making alone.
 */
async function treeWithoutSpare(mirror: SyncedMirror, extra = ""): Promise<ReadonlyMap<string, string>> {
  rmSync(spareOf(mirror), { recursive: true, force: true });
  rmSync(listOf(mirror), { force: true });
  rmSync(join(mirror.dir, ".mirrorctl/state/m.json"));
  const { outcome, said } = await mirror.sync({ extra: `${extra}[mirrors.m.publish]\ngrace = "0"\n` });
  expect([outcome.kind, said]).toEqual(["synced", expect.anything()]);
  return await mirror.tree();
}

/** Returns the names of the objects that the shown tree does not have. */
async function objectsBesideTree(mirror: SyncedMirror): Promise<ReadonlySet<string>> {
  const objects = join(mirror.dir, ".mirrorctl/objects/sha256");
  const shards = readdirSync(objects).filter((name) => !name.startsWith("."));
  const names = shards.flatMap((shard) => readdirSync(join(objects, shard)));
  const held = new Set((await mirror.tree()).values());
  return new Set(names.filter((name) => !held.has(name)));
}

/** Writes another list of the shown tree, as a sync would have written it. */
function editList(mirror: SyncedMirror, edit: (lines: string) => string): void {
  const list = listOf(mirror);
  const { atime, mtime } = statSync(list);
  const lines = readFileSync(list, "utf8").replace(/end \w+\n$/, "");
  const edited = edit(lines);
  expect(edited).not.toBe(lines);
  writeFileSync(list, `${edited}end ${hash("sha256", edited)}\n`);
  utimesSync(list, atime, mtime);
}

/** Makes the list of the shown tree that of an earlier boot. */
const startMachineAgain = (mirror: SyncedMirror): void =>
  editList(mirror, (lines) => lines.replace(/"boot":"[^"]+"/, '"boot":"an earlier one"'));

/** Leaves a directory with the modification time that it had, as programs do that restore it. */
function keepingTime(directory: string, work: () => void): void {
  const { atime, mtime } = statSync(directory);
  work();
  utimesSync(directory, atime, mtime);
}

function replaceByFile(path: string): void {
  rmSync(path, { recursive: true });
  writeFileSync(path, "");
}

const withoutGrace = '[mirrors.m.publish]\ngrace = "0"\n';

test("becomes the next tree, and the tree before becomes the spare", async () => {
  await using mirror = await openWithSpare();
  const [spare, shown] = [inodeOf(spareOf(mirror)), inodeOf(shownTree(mirror))];
  await change(mirror, "3.0");
  expect([inodeOf(shownTree(mirror)), inodeOf(spareOf(mirror))]).toEqual([spare, shown]);
  const files = await readTree(spareOf(mirror));
  expect([...files.keys()].filter((path) => path.includes("changes"))).toEqual([
    "pool/main/c/changes/changes_3.0_amd64.deb",
  ]);
  for (const path of files.keys())
    expect(inodeOf(join(spareOf(mirror), path))).toBe(inodeOf(join(shownTree(mirror), path)));
});

test("keeps no object longer than the tree that is shown and the files it carries", async () => {
  await using mirror = await openWithSpare(withoutGrace);
  await change(mirror, "3.0", withoutGrace);
  expect((await objectsBesideTree(mirror)).size).toBe(0);
});

describe("a spare that somebody changed is not shown:", () => {
  test.each<[string, (spare: string) => void]>([
    ["a missing file", (spare) => rmSync(join(spare, stays))],
    [
      "a file with other bytes",
      (spare) => {
        rmSync(join(spare, stays));
        writeFileSync(join(spare, stays), "other bytes");
      },
    ],
    [
      "a copy of a file",
      (spare) => {
        copyFileSync(join(spare, stays), join(spare, "copy"));
        renameSync(join(spare, "copy"), join(spare, stays));
      },
    ],
    ["an extra file", (spare) => writeFileSync(join(spare, "pool/main/s/stays/extra"), "")],
    ["an extra file at the top", (spare) => writeFileSync(join(spare, "extra"), "")],
    ["an extra link", (spare) => linkSync(join(spare, stays), join(spare, "pool/main/extra"))],
    ["an extra directory", (spare) => mkdirSync(join(spare, "pool/main/s/stays/extra"))],
    [
      "a missing file, in a directory that has its time back",
      (spare) => keepingTime(dirname(join(spare, also)), () => rmSync(join(spare, also))),
    ],
    ["a missing directory", (spare) => rmSync(join(spare, "pool"), { recursive: true })],
    [
      "a file moved",
      (spare) => renameSync(join(spare, stays), join(spare, "pool/main/a/also/stays_1.0_amd64.deb")),
    ],
    [
      "copies in place of all links",
      (spare) => {
        cpSync(spare, `${spare}.copy`, { recursive: true, preserveTimestamps: true });
        rmSync(spare, { recursive: true });
        renameSync(`${spare}.copy`, spare);
      },
    ],
  ])("%s", async (_, tamper) => {
    await using mirror = await openWithSpare();
    tamper(spareOf(mirror));
    const tampered = inodeOf(spareOf(mirror));
    await change(mirror, "3.0", withoutGrace);
    expect(inodeOf(shownTree(mirror))).not.toBe(tampered);
    const shown = await mirror.tree();
    const inode = inodeOf(join(shownTree(mirror), stays));
    expect(shown).toEqual(await treeWithoutSpare(mirror));
    expect(inodeOf(join(shownTree(mirror), stays))).toBe(inode);
  });

  test.each<[string, (mirror: SyncedMirror) => void]>([
    ["a lost list", (mirror) => rmSync(listOf(mirror))],
    ["a list that was cut", (mirror) => truncateSync(listOf(mirror), statSync(listOf(mirror)).size - 2)],
    [
      "a list of another version",
      (mirror) => editList(mirror, (lines) => lines.replace('"format":4', '"format":5')),
    ],
    [
      "a list with a wrong byte",
      (mirror) =>
        writeFileSync(listOf(mirror), readFileSync(listOf(mirror), "utf8").replace("stays_1", "stays_2")),
    ],
    [
      "an object with wrong bytes",
      (mirror) => writeFileSync(join(mirror.dir, ".mirrorctl/objects/sha256/.disowned"), ""),
    ],
  ])("%s makes the sync link every file", async (_, spoil) => {
    await using mirror = await openWithSpare();
    const spare = inodeOf(spareOf(mirror));
    spoil(mirror);
    await change(mirror, "3.0", withoutGrace);
    expect(inodeOf(shownTree(mirror))).not.toBe(spare);
    expect(await mirror.tree()).toEqual(await treeWithoutSpare(mirror));
  });

  test.each<[string, (tree: string) => void]>([
    ["a file was removed", (tree) => rmSync(join(tree, stays))],
    ["the next file was there", (tree) => writeFileSync(join(tree, changesIn("3.0")), "")],
    ["a directory of that name was there", (tree) => mkdirSync(join(tree, changesIn("3.0")))],
    ["a file took the place of a directory", (tree) => replaceByFile(join(tree, "pool/main/c"))],
  ])("nor is a tree in which %s while it was shown", async (_, tamper) => {
    await using mirror = await openWithSpare(withoutGrace);
    tamper(shownTree(mirror));
    for (const version of ["3.0", "4.0"]) await change(mirror, version, withoutGrace);
    expect(await mirror.tree()).toEqual(await treeWithoutSpare(mirror));
  });

  test.each([dirname(also), dirname(dirname(also))])(
    "nor is one with a file of somebody else in %s, which goes",
    async (directory) => {
      await using mirror = await openWithSpare(withoutGrace);
      writeFileSync(join(shownTree(mirror), directory, "theirs"), "");
      mirror.upstream.suite("stable").removePackage("also");
      for (const version of ["3.0", "4.0"]) await change(mirror, version, withoutGrace);
      expect(await mirror.tree()).toEqual(await treeWithoutSpare(mirror));
    },
  );

  test("nothing changes through a symbolic link in place of a directory", async () => {
    await using mirror = await openWithSpare(withoutGrace);
    const moved = join(mirror.tempDir, "moved");
    renameSync(join(shownTree(mirror), "pool"), moved);
    symlinkSync(moved, join(shownTree(mirror), "pool"));
    const before = await readTree(moved);
    for (const version of ["3.0", "4.0"]) await change(mirror, version, withoutGrace);
    expect(await readTree(moved)).toEqual(before);
    expect(await mirror.tree()).toEqual(await treeWithoutSpare(mirror));
  });
});

/** Changes the spare as if that had been before its list was written: no time of a directory tells. */
function tamperUnnoticed(mirror: SyncedMirror, tamper: (spare: string) => void): void {
  tamper(spareOf(mirror));
  editList(mirror, (lines) =>
    lines.replace(/"spareUncheckedSinceMs":[\d.]+/, `"spareUncheckedSinceMs":${later}`),
  );
}

const later = Date.now() + 86_400_000;

describe("a spare of which a power cut lost the last changes is not shown:", () => {
  test.each<[string, (spare: string) => void]>([
    ["a file that was gone", (spare) => linkSync(join(spare, stays), join(spare, changesIn("1.0")))],
    ["a directory that was gone", (spare) => mkdirSync(join(spare, "pool/main/g"))],
    ["a new file", (spare) => rmSync(join(spare, changesIn("2.0")))],
    [
      "a file with new bytes",
      (spare) => {
        rmSync(join(spare, also));
        writeFileSync(join(spare, also), readFileSync(join(spare, stays)).fill(0));
      },
    ],
  ])("%s", async (_, tamper) => {
    await using mirror = await openWithSpare(withoutGrace);
    tamperUnnoticed(mirror, tamper);
    const tampered = inodeOf(spareOf(mirror));
    startMachineAgain(mirror);
    await change(mirror, "3.0", withoutGrace);
    expect(inodeOf(shownTree(mirror))).not.toBe(tampered);
    expect(await mirror.tree()).toEqual(await treeWithoutSpare(mirror));
  });
});

test("a file that a power cut emptied is downloaded again", async () => {
  await using mirror = await openWithSpare();
  truncateSync(join(shownTree(mirror), stays));
  startMachineAgain(mirror);
  await change(mirror, "3.0");
  expect((await mirror.tree()).get(stays)).toBe((await readTree(mirror.upstream.dir)).get(stays));
});

test("frees the objects that it gives up, and later what a sync left that was cut off", async () => {
  await using mirror = await openWithSpare(withoutGrace);
  const stray = putObject(join(mirror.dir, ".mirrorctl/objects/sha256"), "stray");
  await change(mirror, "3.0", withoutGrace);
  expect([...(await objectsBesideTree(mirror))]).toEqual([stray]);
  writeFileSync(join(mirror.dir, ".mirrorctl/state/m.unswept"), "");
  await change(mirror, "4.0", withoutGrace);
  expect([...(await objectsBesideTree(mirror))]).toEqual([]);
});

test("after the machine was started again, frees what no tree has", async () => {
  await using mirror = await openWithSpare(withoutGrace);
  putObject(join(mirror.dir, ".mirrorctl/objects/sha256"), "stray");
  startMachineAgain(mirror);
  await change(mirror, "3.0", withoutGrace);
  expect([...(await objectsBesideTree(mirror))]).toEqual([]);
});

test("frees what it carried for clients once their time is over", async () => {
  await using mirror = await openWithSpare();
  await change(mirror, "3.0");
  expect((await objectsBesideTree(mirror)).size).toBe(0); // the tree carries what it gave up
  await change(mirror, "4.0", withoutGrace, new Date(Date.now() + 30 * 86_400_000));
  expect((await objectsBesideTree(mirror)).size).toBe(0);
  expect([...(await mirror.tree()).keys()].filter((path) => path.includes("changes"))).toHaveLength(1);
});

test("frees what a tree carried that was linked without a list", async () => {
  await using mirror = await openWithSpare();
  rmSync(listOf(mirror));
  await change(mirror, "3.0");
  await change(mirror, "4.0", withoutGrace, new Date(Date.now() + 30 * 86_400_000));
  expect([...(await objectsBesideTree(mirror))]).toEqual([]);
});

test("a damaged file that the spare holds too is downloaded again", async () => {
  await using mirror = await openWithSpare();
  const context = await mirror.context();
  context.memory.markDamaged(shownTree(mirror).split("/").at(-1) ?? "");
  writeFileSync(join(shownTree(mirror), stays), "damage!");
  await mirror.sync();
  const shown = await mirror.tree();
  expect(shown.get(stays)).toBe((await readTree(mirror.upstream.dir)).get(stays));
  await change(mirror, "3.0");
  expect((await mirror.tree()).get(stays)).toBe(shown.get(stays));
});

/** Syncs a change by what is on disk, and returns the list of the new tree, which has to be as without a spare. */
async function listAfterChange(mirror: SyncedMirror, extra = ""): Promise<string> {
  await change(mirror, "3.0", extra + withoutGrace);
  const [shown, list] = [await mirror.tree(), readFileSync(listOf(mirror), "utf8")];
  expect(shown).toEqual(await treeWithoutSpare(mirror, extra));
  return list;
}

describe("what has not changed in an index", () => {
  const wrong = "f".repeat(64);
  /** Lists the package `also`, which never changes, with another digest. A sync that reads its stanza notices. */
  const misstate = (lines: string): string =>
    lines.replace(/\w{64}(?= \d+ \d+ pool\/main\/a\/also\/)/, wrong);
  test.each<[string, (mirror: SyncedMirror) => void]>([
    ["", () => undefined],
    [
      " if the index of the shown tree is lost",
      (mirror) => rmSync(join(shownTree(mirror), "dists/stable/main/binary-amd64/Packages.gz")),
    ],
  ])("is not read again%s", async (_, prepare) => {
    await using mirror = await openWithSpare(withoutGrace);
    editList(mirror, misstate);
    prepare(mirror);
    expect(await listAfterChange(mirror)).toContain(wrong);
  });

  test.each<[string, (mirror: SyncedMirror) => void, string]>([
    ["under another selection", () => undefined, "translations = false\n"],
    [
      "by another version",
      (mirror) => editList(mirror, (lines) => lines.replace('"readWith":"[', '"readWith":"[0,')),
      "",
    ],
  ])("is read again %s", async (_, prepare, extra) => {
    await using mirror = await openWithSpare(withoutGrace);
    editList(mirror, misstate);
    prepare(mirror);
    expect(await listAfterChange(mirror, extra)).not.toContain(wrong);
  });
});

/** A package of which each step of a property chooses the version, and where it is. */
const step = record({
  name: constantFrom("alpha", "beta", "gamma"),
  version: constantFrom("1", "2", "3", undefined),
  directory: constantFrom("pool", "pool/x", "pool/x/y", "other"),
  extra: constantFrom(
    "",
    "mirror_source = true\n",
    'filters = { exclude_patterns = ["beta"] }\n',
    "contents = false\n",
  ),
});

test("shows what a sync without a spare shows, whatever changes", { timeout: 120_000 }, async () => {
  await assert(
    asyncProperty(array(step, { minLength: 3, maxLength: 5 }), async (steps) => {
      await using mirror = await openWithSpare(withoutGrace);
      const suite = mirror.upstream.suite("stable").addSource("source", "1.0").addContents();
      const listed = new Set<string>();
      for (const { name, version, directory, extra } of steps) {
        if (listed.delete(name)) suite.removePackage(name);
        if (version !== undefined) {
          suite.addPackage(name, version, { filename: `${directory}/${name}.deb` });
          listed.add(name);
        }
        await mirror.upstream.publish();
        const { outcome } = await mirror.sync({ extra: extra + withoutGrace });
        expect(outcome.kind).toBe("synced");
        const shown = await mirror.tree();
        expect(await readTree(spareOf(mirror))).toEqual(shown);
        expect(shown).toEqual(await treeWithoutSpare(mirror, extra));
      }
    }),
    { numRuns: 8 },
  );
});
