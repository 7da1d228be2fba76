import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogForTest, never, origin } from "../catalog.fixture.ts";
import { openCatalog } from "../catalog.ts";
import { smallTree } from "../test-support.ts";

describe("the record of a snapshot", () => {
  test.each([
    ["was lost", (path: string) => rmSync(path)],
    ["was cut", (path: string) => writeFileSync(path, '{"format":1,"name":"one"')],
    ["is of another format", (path: string) => writeFileSync(path, '{"format":7,"name":"one"}')],
  ])("is made again from the tree, except the signers, if the file %s", async (_how, damage) => {
    const { layout, tree, catalog } = await catalogForTest();
    const { snapshot } = await catalog.create(tree, origin("one"));
    damage(join(layout.snapshotMeta, "one.json"));

    const found = await catalog.require("one");
    expect(found.recorded).toBe(false);
    const { files, packages, sizeBytes, releases } = found.meta;
    expect({ files, packages, sizeBytes }).toEqual({
      files: snapshot.meta.files,
      packages: snapshot.meta.packages,
      sizeBytes: snapshot.meta.sizeBytes,
    });
    expect(releases).toEqual([{ ...snapshot.meta.releases[0], signedBy: [] }]);
    expect(Math.abs(found.createdAt.getTime() - Date.now())).toBeLessThan(600_000);
    expect((await catalog.list()).map(({ name }) => name)).toEqual(["one"]);
  });

  test("survives the removal of all state of mirrorctl", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    await catalog.create(tree, origin("one"));
    rmSync(layout.own, { recursive: true, force: true });
    mkdirSync(layout.own);
    expect((await openCatalog(layout, never).require("one")).meta.releases[0]?.signedBy).toEqual([
      "871920D1991BC93C",
    ]);
  });
});

test("counts a file with two names once in bytes, and no names by hash", async () => {
  const { directory, tree, catalog } = await catalogForTest();
  const byHash = directory.join("tree/dists/noble/main/binary-amd64/by-hash/SHA256");
  mkdirSync(byHash, { recursive: true });
  linkSync(join(tree, "dists/noble/main/binary-amd64/Packages"), join(byHash, "abc"));
  const { snapshot } = await catalog.create(tree, origin("one"));
  expect(snapshot.meta).toMatchObject({ files: 5, sizeBytes: Object.values(smallTree).join("").length });
});
