import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTree } from "../../../../test/support/index.ts";
import type { SyncedMirror } from "../test-support.ts";
import {
  also,
  change,
  changesIn,
  editList,
  inodeOf,
  listOf,
  openWithSpare,
  shownTree,
  spareOf,
  startMachineAgain,
  stays,
  treeWithoutSpare,
  withoutGrace,
} from "./spare-tree.fixture.ts";

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
