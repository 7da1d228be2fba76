/** Syncs by the spare free what they give up. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { putObject } from "../../../store/test-support.ts";
import {
  change,
  listOf,
  objectsBesideTree,
  openWithSpare,
  startMachineAgain,
  withoutGrace,
} from "./spare-tree.fixture.ts";

test("keeps no object longer than the tree that is shown and the files it carries", async () => {
  await using mirror = await openWithSpare(withoutGrace);
  await change(mirror, "3.0", withoutGrace);
  expect((await objectsBesideTree(mirror)).size).toBe(0);
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
