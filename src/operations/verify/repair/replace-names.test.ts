import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../../test/support/index.ts";
import { RepairRooms, replaceNames } from "./replace-names.ts";

const never = new AbortController().signal;

/** Opens trees "verified" and "other", each with a damaged file "a.deb", and the right bytes beside them. */
async function openTrees() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const place = (tree: string, path: string) => ({
    tree: directory.join("trees", tree),
    path,
    isOwn: tree === "verified",
    isOurs: true,
  });
  for (const tree of ["verified", "other"]) {
    mkdirSync(place(tree, "").tree, { recursive: true });
    writeFileSync(join(place(tree, "").tree, "a.deb"), "damaged");
  }
  const healthy = directory.join("healthy");
  writeFileSync(healthy, "whole");
  const read = (tree: string): string => readFileSync(join(place(tree, "").tree, "a.deb"), "utf8");
  return { place, healthy, read };
}

test("replaces names in the verified tree last, so that a killed run can continue", async () => {
  const { place, healthy, read } = await openTrees();
  const targets = [place("verified", "a.deb"), place("other", "a.deb"), place("other", "a".repeat(300))];
  await using rooms = new RepairRooms();
  await expect(replaceNames(rooms, [{ healthy, targets }], never)).rejects.toThrow("ENAMETOOLONG");
  expect([read("other"), read("verified")]).toEqual(["whole", "damaged"]);
});

test("replaces the other names if one cannot be replaced", async () => {
  const { place, healthy, read } = await openTrees();
  mkdirSync(join(place("other", "").tree, "b.deb"));
  const targets = [place("other", "b.deb"), place("other", "a.deb/b.deb"), place("verified", "a.deb")];
  await using rooms = new RepairRooms();
  const failures = await replaceNames(rooms, [{ healthy, targets }], never);
  expect([...failures.keys()]).toEqual(targets.slice(0, 2).map(({ tree, path }) => join(tree, path)));
  expect([read("other"), read("verified")]).toEqual(["damaged", "whole"]);
});

test("an interrupted run replaces nothing more", async () => {
  const { place, healthy, read } = await openTrees();
  const targets = [place("other", "a.deb"), place("verified", "a.deb")];
  const interrupted = AbortSignal.abort(new Error("interrupted"));
  await using rooms = new RepairRooms();
  await expect(replaceNames(rooms, [{ healthy, targets }], interrupted)).rejects.toThrow("interrupted");
  expect([read("other"), read("verified")]).toEqual(["damaged", "damaged"]);
});
