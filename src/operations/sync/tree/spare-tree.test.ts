/** Complete syncs that make the next tree of the spare: clients see what a sync without a spare would show. */
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { array, assert, asyncProperty, constantFrom, record } from "fast-check";
import { expect, test } from "vitest";
import { readTree } from "../../../../test/support/index.ts";
import {
  change,
  inodeOf,
  openWithSpare,
  shownTree,
  spareOf,
  startMachineAgain,
  stays,
  treeWithoutSpare,
  withoutGrace,
} from "./spare-tree.fixture.ts";

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

test("a file that a power cut emptied is downloaded again", async () => {
  await using mirror = await openWithSpare();
  truncateSync(join(shownTree(mirror), stays));
  startMachineAgain(mirror);
  await change(mirror, "3.0");
  expect((await mirror.tree()).get(stays)).toBe((await readTree(mirror.upstream.dir)).get(stays));
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
