import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles } from "../../../test/support/index.ts";
import { parseRepositoryPath } from "../../repository/index.ts";
import { directoryForTest, makeTree } from "../test-support.ts";
import { draftTree, walkTree } from "./tree.ts";

const path = parseRepositoryPath;

describe("draftTree", () => {
  test("appears under its own name only once it is complete", async () => {
    const directory = await directoryForTest();
    const draft = draftTree(directory.join(".a.draft"), directory.join("a"));
    writeFileSync(draft.place(path("pool/main/a.deb")), "a");
    writeFileSync(draft.place(path("pool/main/b.deb")), "b");
    expect(existsSync(directory.join("a"))).toBe(false);
    draft.complete();
    expect(await listFiles(directory.path)).toEqual(["a/pool/main/a.deb", "a/pool/main/b.deb"]);
  });

  test("gives a file a second name, also twice", async () => {
    const directory = await directoryForTest();
    const draft = draftTree(directory.join(".a.draft"), directory.join("a"));
    writeFileSync(draft.place(path("main/Packages")), "");
    draft.linkWithin(path("main/Packages"), path("main/by-hash/SHA256/e3b0"));
    draft.linkWithin(path("main/Packages"), path("main/by-hash/SHA256/e3b0"));
    expect(statSync(join(draft.root, "main/by-hash/SHA256/e3b0")).ino).toBe(
      statSync(join(draft.root, "main/Packages")).ino,
    );
  });

  test("refuses a path below one that is a file", async () => {
    const directory = await directoryForTest();
    const draft = draftTree(directory.join(".a.draft"), directory.join("a"));
    writeFileSync(draft.place(path("pool/a")), "");
    expect(() => draft.place(path("pool/a/b.deb"))).toThrow(
      expect.objectContaining({ code: "PATH_CONFLICT" }),
    );
    expect(() => draft.place(path("pool/a/b/c.deb"))).toThrow(
      expect.objectContaining({ code: "PATH_CONFLICT" }),
    );
  });

  test("leaves nothing when it is discarded", async () => {
    const directory = await directoryForTest();
    const draft = draftTree(directory.join(".a.draft"), directory.join("a"));
    writeFileSync(draft.place(path("pool/main/a.deb")), "a");
    await draft.discard();
    expect(await listFiles(directory.path)).toEqual([]);
  });
});

describe("walkTree", () => {
  test("yields every file with its path in the tree, and follows no link", async () => {
    const directory = await directoryForTest();
    makeTree(directory.join("a"), { "dists/x/Release": "1", "pool/y": "22", z: "333" });
    makeTree(directory.join("b"), { secret: "4444" });
    symlinkSync(directory.join("b"), directory.join("a/pool/out"));
    symlinkSync(directory.join("b/secret"), directory.join("a/pool/file"));
    const found = [...walkTree(directory.join("a"))].map((file) => [file.path, file.stats.size] as const);
    expect(new Map(found)).toEqual(
      new Map([
        ["dists/x/Release", 1],
        ["pool/y", 2],
        ["z", 3],
      ]),
    );
    expect(readFileSync(directory.join("b/secret"), "utf8")).toBe("4444");
  });

  test("finds nothing if there is no tree", async () => {
    const directory = await directoryForTest();
    expect([...walkTree(directory.join("none"))]).toEqual([]);
  });
});
