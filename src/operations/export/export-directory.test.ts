import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles, readTree } from "../../../test/support/index.ts";
import { deb, flip, labelName, labelOf, snapshotOf, treeOf, withoutByHash } from "./export-mirror.fixture.ts";
import { openSides } from "./test-support.ts";

describe("the directory of an export", () => {
  test("is updated by a repeated export, which copies nothing twice", async () => {
    const { bed, disk, outside } = await openSides();
    await snapshotOf(outside);
    const { files } = await outside.export();
    const inode = statSync(join(disk, deb)).ino;
    expect(await outside.export()).toMatchObject({ files: 0, thereFiles: files });
    bed.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    await bed.upstream.publish();
    const name = await snapshotOf(outside);
    await outside.export();
    expect(statSync(join(disk, deb)).ino).toBe(inode);
    const there = new Map(await readTree(disk));
    there.delete(labelName);
    expect([...there]).toEqual(withoutByHash(await treeOf(outside, name)));
  });

  test("is read again after an export that was cut off", async () => {
    const { disk, outside } = await openSides();
    const name = await snapshotOf(outside);
    await outside.export();
    flip(join(disk, deb));
    expect(await outside.export()).toMatchObject({ files: 0 });
    writeFileSync(join(disk, labelName), JSON.stringify({ ...(labelOf(disk) as object), complete: false }));
    expect(await outside.export()).toMatchObject({ files: 1 });
    expect((await readTree(disk)).get(deb)).toBe((await treeOf(outside, name)).get(deb));
  });

  test.each([
    ["has other files", (disk: string) => writeFileSync(join(disk, "thesis.odt"), ""), "TARGET_FOREIGN"],
    [
      "has the export of another mirror",
      (disk: string) =>
        writeFileSync(
          join(disk, labelName),
          '{"format":1,"complete":true,"mirror":"other","exportedAt":"2026-05-04T03:02:01.000Z","files":1,"sizeBytes":1}',
        ),
      "TARGET_FOREIGN",
    ],
    [
      "is a file",
      (disk: string) => {
        rmSync(disk, { recursive: true });
        writeFileSync(disk, "");
      },
      "TARGET_FOREIGN",
    ],
  ])("is left alone if it %s", async (_what, prepare, code) => {
    const { disk, outside } = await openSides();
    await snapshotOf(outside);
    mkdirSync(disk);
    prepare(disk);
    const before = statSync(disk).isDirectory() ? await readTree(disk) : undefined;
    await expect(outside.export()).rejects.toMatchObject({ code });
    expect(statSync(disk).isDirectory() ? await readTree(disk) : undefined).toEqual(before);
  });

  test("is not one of mirrorctl's own, nor below a directory that is missing", async () => {
    const { bed, outside } = await openSides();
    await snapshotOf(outside);
    symlinkSync(outside.dir, bed.join("link"));
    for (const to of [outside.dir, join(outside.dir, "disk"), bed.join("link/disk")])
      await expect(outside.export({ to })).rejects.toMatchObject({ code: "TARGET_INSIDE" });
    const unmounted = { to: bed.join("not-mounted/disk") };
    await expect(outside.export(unmounted)).rejects.toMatchObject({ code: "TARGET_UNUSABLE" });
  });

  test("has no link that leads the files elsewhere", async () => {
    const { bed, disk, outside } = await openSides();
    await snapshotOf(outside);
    await outside.export();
    const elsewhere = bed.join("elsewhere");
    mkdirSync(elsewhere);
    rmSync(join(disk, "pool"), { recursive: true });
    symlinkSync(elsewhere, join(disk, "pool"));
    await expect(outside.export()).rejects.toMatchObject({ code: "TARGET_FOREIGN" });
    expect(await listFiles(elsewhere)).toEqual([]);
  });

  test("keeps a directory that has the name of a file, and names it", async () => {
    const { disk, outside } = await openSides();
    await snapshotOf(outside);
    await outside.export();
    rmSync(join(disk, deb));
    mkdirSync(join(disk, deb));
    const message = `${join(disk, deb)} is a directory, and has to be a file`;
    await expect(outside.export()).rejects.toMatchObject({ code: "TARGET_FOREIGN", message });
    expect(statSync(join(disk, deb)).isDirectory()).toBe(true);
  });

  test("loses what a killed run left there", async () => {
    const { disk, outside } = await openSides();
    await snapshotOf(outside);
    mkdirSync(disk);
    writeFileSync(join(disk, `.mirrorctl-export.${randomUUID()}.part`), "half");
    await outside.export();
    expect((await listFiles(disk)).filter((path) => path.includes(".part"))).toEqual([]);
  });
});
