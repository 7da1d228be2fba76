/** Syncs read only what changed in an index since the tree that is shown. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SyncedMirror } from "../test-support.ts";
import {
  change,
  editList,
  listOf,
  openWithSpare,
  shownTree,
  treeWithoutSpare,
  withoutGrace,
} from "./spare-tree.fixture.ts";

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
