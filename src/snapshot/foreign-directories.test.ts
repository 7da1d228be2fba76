import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { catalogForTest, origin } from "./catalog.fixture.ts";
import { makeTree, smallTree } from "./test-support.ts";

describe("a directory that mirrorctl did not make", () => {
  test("is not a snapshot if it contains no repository", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    await catalog.create(tree, origin("one"));
    makeTree(join(layout.snapshots, "notes"), { "todo/ReleaseNotes": "", "pool/a_1_amd64.deb": "" });
    mkdirSync(join(layout.snapshots, "empty"));
    expect((await catalog.list()).map(({ name }) => name)).toEqual(["one"]);
    expect(await catalog.find("notes")).toBeUndefined();
  });

  test("is listed without a record if it is a repository, signed or not", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    await catalog.create(tree, origin("one"));
    makeTree(join(layout.snapshots, "copy"), smallTree);
    makeTree(join(layout.snapshots, "unsigned"), { Release: smallTree["dists/noble/Release"] });
    const recorded = (await catalog.list()).map((snapshot) => [snapshot.name, snapshot.recorded]);
    expect(Object.fromEntries(recorded)).toEqual({ one: true, copy: false, unsigned: false });
  });

  test("does not disturb the list if its InRelease is not one", async () => {
    const { layout, tree, catalog } = await catalogForTest();
    await catalog.create(tree, origin("one"));
    makeTree(join(layout.snapshots, "stray"), { InRelease: "<html>", "Release.gpg": "", Release: "none" });
    expect((await catalog.list()).map(({ name }) => name)).toContain("one");
    expect((await catalog.find("stray"))?.meta.releases).toEqual([]);
  });

  test("does not disturb the list if this user must not read it", async () => {
    const { directory, layout, tree, catalog } = await catalogForTest();
    await catalog.create(tree, origin("one"));
    makeTree(join(layout.snapshots, "two"), smallTree);
    makeTree(join(layout.snapshots, "two/dists/hidden"), { InRelease: "" });
    makeTree(join(layout.snapshots, "lost+found"), smallTree);
    chmodSync(directory.path, 0o755);
    chmodSync(join(layout.snapshots, "two/dists/hidden/InRelease"), 0);
    chmodSync(join(layout.snapshots, "lost+found"), 0);
    onTestFinished(() => chmodSync(join(layout.snapshots, "lost+found"), 0o755));
    expect(namesSeenByAnother(directory.path)).toEqual(["one", "two"]);
  });

  test("may appear and disappear while it is read", async () => {
    const { layout, catalog } = await catalogForTest();
    const path = makeTree(join(layout.snapshots, "one"), smallTree);
    await using mover = await moveToAndFro(path);
    const seen = { there: 0, gone: 0 };
    while (seen.there < 100 || seen.gone < 100) {
      const [snapshot] = await catalog.list();
      if (snapshot === undefined) seen.gone++;
      else seen.there++;
    }
    await mover.stop();
    expect((await catalog.list()).map(({ name }) => name)).toEqual(["one"]);
  });
});

const load = (file: string): string => `await import(${JSON.stringify(new URL(file, import.meta.url).href)})`;

/** Returns the names of the snapshots in `dir`, sorted, for a user who owns nothing there (if the tests run as root). */
function namesSeenByAnother(dir: string): readonly string[] {
  const code = `
    const { openCatalog } = ${load("./catalog.ts")};
    const { mirrorLayout } = ${load("../layout.ts")};
    const layout = mirrorLayout(${JSON.stringify(dir)}, {
      id: "noble", snapshot: { path: ${JSON.stringify(join(dir, ".snapshots"))} },
      publish: { staging: "staging", production: "current" } });
    const catalog = openCatalog(layout, new AbortController().signal);
    console.log(JSON.stringify((await catalog.list()).map(({ name }) => name).toSorted()));`;
  const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", code], user);
  return JSON.parse(output.toString());
}

/** Renames a directory to a hidden name and back, repeatedly, in another process. */
async function moveToAndFro(path: string): Promise<AsyncDisposable & { stop(): Promise<void> }> {
  const code = `
    const { renameSync } = require("node:fs");
    const path = ${JSON.stringify(path)};
    const away = ${JSON.stringify(join(path, "../.away"))};
    const timer = setInterval(() => {
      for (let count = 0; count < 200; count++) { renameSync(path, away); renameSync(away, path); }
    }, 0);
    process.stdin.on("end", () => clearInterval(timer)).resume();
    process.stdout.write("ready");`;
  const child = spawn(process.execPath, ["--eval", code], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await exited;
  };
  return { stop, [Symbol.asyncDispose]: stop };
}
