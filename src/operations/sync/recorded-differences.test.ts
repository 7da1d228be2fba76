/** Syncs of a mirror with snapshots record what they change, so that nobody walks over two trees to find it. */
import { readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pathsLeaving } from "../../snapshot/index.ts";
import { deleteSnapshots, listSnapshots } from "../snapshots/index.ts";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const extra = '[mirrors.m.snapshot]\ndefault_name_format = "2006-01-02T15-04-05.000Z"\n';
const versions = ["1.0", "2.0", "1.0", "3.0"];

const late = "pool/main/l/late/late_1.0_amd64.deb";

/** Syncs and snapshots several versions, one of which comes back. */
async function openWithSnapshots(): Promise<SyncedMirror> {
  const mirror = await openMirror();
  const suite = mirror.upstream.suite("stable", { compressions: ["gz"] }).addPackage("stays", "1.0");
  for (const [index, version] of versions.entries()) {
    suite.addPackage("changes", version).addPackage(`new-${index}`, version);
    await mirror.upstream.publish();
    const now = new Date(Date.now() + index * 60_000);
    expect((await mirror.sync({ extra, now })).outcome.kind).toBe("synced");
    suite.removePackage("changes");
    if (index === 1) suite.removePackage("new-0");
  }
  return mirror;
}

describe("the recorded differences", () => {
  test("name every file that another generation lacks", async () => {
    const mirror = await openWithSnapshots();
    const { layout, catalog } = await mirror.context({ extra });
    const snapshots = await catalog.list();
    expect(snapshots).toHaveLength(versions.length);
    for (const a of snapshots)
      for (const b of snapshots) {
        if (a === b) continue;
        const leaving = pathsLeaving(layout, a.meta.generation ?? "", b.meta.generation ?? "");
        const lacking = filesOf(a.path).filter((path) => inodeOf(a.path, path) !== inodeOf(b.path, path));
        expect([...(leaving ?? [])]).toEqual(expect.arrayContaining(lacking));
        expect(leaving).not.toContain("pool/main/s/stays/stays_1.0_amd64.deb");
      }
  });

  test("name a file that upstream lacked, since a repair may have put it into a snapshot", async () => {
    const lenient = `allow_missing = true\n${extra}`;
    const mirror = await openMirror();
    const suite = mirror.upstream.suite("stable").addPackage("late", "1.0");
    for (const version of ["1.0", "2.0", "3.0"]) {
      suite.addPackage(`other-${version}`, version);
      if (version === "3.0") suite.removePackage("late");
      await mirror.upstream.publish();
      if (version !== "3.0") mirror.upstream.remove(late);
      expect((await mirror.sync({ extra: lenient })).outcome.kind).toBe("synced");
    }
    const { layout, catalog } = await mirror.context({ extra });
    const [third, second] = (await catalog.list()).map(({ meta }) => meta.generation ?? "");
    expect([...(pathsLeaving(layout, second ?? "", third ?? "") ?? [])]).toContain(late);
  });

  test("lead to the same usage as a walk, also when snapshots between are deleted", async () => {
    const mirror = await openWithSnapshots();
    const context = await mirror.context({ extra });
    const [, second, third] = await context.catalog.list();
    for (const gone of [[], [second?.name ?? ""], [third?.name ?? ""]]) {
      await deleteSnapshots(context, gone, { force: true });
      const listed = await listSnapshots([context], { detailed: true });
      renameSync(context.layout.differences, join(mirror.tempDir, "aside"));
      const walked = await listSnapshots([context], { detailed: true });
      renameSync(join(mirror.tempDir, "aside"), context.layout.differences);
      expect(listed).toEqual(walked);
      expect(listed.some(({ usage }) => (usage?.uniqueBytes ?? 0) > 0)).toBe(true);
    }
  });
});

const filesOf = (tree: string): readonly string[] =>
  readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(tree.length + 1));

const inodeOf = (tree: string, path: string): number | undefined =>
  statSync(join(tree, path), { throwIfNoEntry: false })?.ino;
