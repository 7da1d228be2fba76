import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { listFiles, readTree } from "../../test/support/index.ts";
import { writeCarried } from "./carried.ts";
import { openCatalog, type SnapshotOrigin } from "./catalog.ts";
import { SnapshotError } from "./errors.ts";
import { directoryForTest, layoutIn, makeTree, smallTree } from "./test-support.ts";

const never = new AbortController().signal;
const carriedForADay = new Map([["pool/main/b/b/b_1_amd64.deb", new Date("2026-05-05T06:00:00Z")]]);

const origin = (name: string, createdAt = "2026-05-04T06:00:00.000Z"): SnapshotOrigin => ({
  name,
  createdAt: new Date(createdAt),
  generation: "20260504T030201.000Z",
  facts: undefined,
  signers: new Map([["noble", ["871920D1991BC93C"]]]),
});

async function open() {
  const directory = await directoryForTest();
  const layout = layoutIn(directory.path);
  const tree = makeTree(directory.join("tree"), smallTree);
  return { directory, layout, tree, catalog: openCatalog(layout) };
}

describe("create", () => {
  test("freezes a tree by hard links, and knows of it what there is to know", async () => {
    const { layout, tree, catalog } = await open();
    const { snapshot, how } = await catalog.create(tree, origin("one"), never);

    expect(how).toBe("linked");
    expect(await readTree(snapshot.path)).toEqual(await readTree(tree));
    const deb = "pool/main/a/a/a_1_amd64.deb";
    expect(statSync(join(snapshot.path, deb)).ino).toBe(statSync(join(tree, deb)).ino);
    expect(snapshot).toEqual({
      name: "one",
      path: join(layout.snapshots, "one"),
      createdAt: new Date("2026-05-04T06:00:00Z"),
      recorded: true,
      meta: {
        format: 1,
        name: "one",
        createdAt: "2026-05-04T06:00:00.000Z",
        generation: "20260504T030201.000Z",
        files: 5,
        packages: 1,
        sizeBytes: Object.values(smallTree).join("").length,
        releases: [
          {
            suite: "noble",
            date: "2026-05-04T03:02:01.000Z",
            validUntil: "2026-05-11T03:02:01.000Z",
            signedBy: ["871920D1991BC93C"],
          },
        ],
      },
    });
    expect(catalog.find("one")).toEqual(snapshot);
    expect(catalog.require("one")).toEqual(snapshot);
    expect(statSync(layout.snapshots).mode & 0o777).toBe(0o755);
    expect(statSync(join(layout.snapshotMeta, "one.json")).mode & 0o777).toBe(0o644);
  });

  test("is not touched by what becomes of the tree", async () => {
    const { directory, tree, catalog } = await open();
    const { snapshot } = await catalog.create(tree, origin("one"), never);
    const before = await readTree(snapshot.path);
    unlinkSync(join(tree, "pool/main/a/a/a_1_amd64.deb"));
    writeFileSync(directory.join("tree/dists/new"), "");
    expect(await readTree(snapshot.path)).toEqual(before);
  });

  test.each([
    ["", "is empty"],
    ["..", 'starts with "."'],
    [".meta", 'starts with "."'],
    ["a/b", 'contains "/"'],
    ["a b", "contains a blank"],
    ["x".repeat(201), "longer than 200 bytes"],
  ])("refuses the name %j, which %s, and makes nothing", async (name, fault) => {
    const { layout, tree, catalog } = await open();
    const outcome = catalog.create(tree, origin(name), never);
    await expect(outcome).rejects.toThrow(fault);
    await expect(outcome).rejects.toMatchObject({ code: "SNAPSHOT_NAME_INVALID" });
    expect(existsSync(layout.snapshots)).toBe(false);
  });

  test("takes the longest name there may be", async () => {
    const { tree, catalog } = await open();
    const name = "x".repeat(200);
    await catalog.create(tree, origin(name), never);
    expect(catalog.list().map((snapshot) => snapshot.name)).toEqual([name]);
    await catalog.remove(name);
    expect(catalog.list()).toEqual([]);
  });

  test("refuses a name that is taken, be it by something that is no snapshot", async () => {
    const { layout, tree, catalog } = await open();
    await catalog.create(tree, origin("one"), never);
    writeFileSync(join(layout.snapshots, "notes"), "precious");
    for (const name of ["one", "notes"])
      await expect(catalog.create(tree, origin(name), never)).rejects.toMatchObject({
        code: "SNAPSHOT_EXISTS",
      });
    expect(await listFiles(layout.snapshots)).toContain("notes");
  });

  test("leaves nothing when it is told to stop", async () => {
    const { layout, tree, catalog } = await open();
    const stop = new AbortController();
    stop.abort(new Error("stop"));
    await expect(catalog.create(tree, origin("one"), stop.signal)).rejects.toThrow("stop");
    expect(catalog.list()).toEqual([]);
    expect(await listFiles(layout.snapshots)).toEqual([]);
  });

  test("begins anew where a killed run left a part of a draft", async () => {
    const { layout, tree, catalog } = await open();
    makeTree(join(layout.snapshots, ".one.draft"), { "pool/stale.deb": "stale" });
    const { snapshot } = await catalog.create(tree, origin("one"), never);
    expect(await readTree(snapshot.path)).toEqual(await readTree(tree));
  });
});

describe("list", () => {
  test("has the newest first, and nothing that is no snapshot", async () => {
    const { directory, layout, tree, catalog } = await open();
    expect(catalog.list()).toEqual([]);
    await catalog.create(tree, origin("b", "2026-05-02T00:00:00Z"), never);
    await catalog.create(tree, origin("a", "2026-05-03T00:00:00Z"), never);
    await catalog.create(tree, origin("c", "2026-05-01T00:00:00Z"), never);
    makeTree(join(layout.snapshots, ".d.draft"), smallTree);
    makeTree(join(layout.snapshots, "not one"), smallTree);
    writeFileSync(join(layout.snapshots, "file"), "");
    symlinkSync(directory.join("tree"), join(layout.snapshots, "link"));

    expect(catalog.list().map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(catalog.find("link")).toBeUndefined();
    expect(catalog.find("../noble/a")).toBeUndefined();
  });
});

describe("a directory that mirrorctl did not make", () => {
  test("is no snapshot where it holds no repository", async () => {
    const { layout, tree, catalog } = await open();
    await catalog.create(tree, origin("one"), never);
    makeTree(join(layout.snapshots, "notes"), { "todo/ReleaseNotes": "", "pool/a_1_amd64.deb": "" });
    mkdirSync(join(layout.snapshots, "empty"));
    expect(catalog.list().map(({ name }) => name)).toEqual(["one"]);
    expect(catalog.find("notes")).toBeUndefined();
  });

  test("is told from a snapshot where it is a repository, signed or not", async () => {
    const { layout, tree, catalog } = await open();
    await catalog.create(tree, origin("one"), never);
    makeTree(join(layout.snapshots, "copy"), smallTree);
    makeTree(join(layout.snapshots, "unsigned"), { Release: smallTree["dists/noble/Release"] });
    const recorded = catalog.list().map((snapshot) => [snapshot.name, snapshot.recorded]);
    expect(Object.fromEntries(recorded)).toEqual({ one: true, copy: false, unsigned: false });
  });

  test("keeps nothing from being listed where what it calls InRelease is none", async () => {
    const { layout, tree, catalog } = await open();
    await catalog.create(tree, origin("one"), never);
    makeTree(join(layout.snapshots, "stray"), { InRelease: "<html>", "Release.gpg": "", Release: "none" });
    expect(catalog.list().map(({ name }) => name)).toContain("one");
    expect(catalog.find("stray")?.meta.releases).toEqual([]);
  });

  test("keeps nothing from being listed where this user may not look into it", async () => {
    const { directory, layout, tree, catalog } = await open();
    await catalog.create(tree, origin("one"), never);
    makeTree(join(layout.snapshots, "two"), smallTree);
    makeTree(join(layout.snapshots, "two/dists/hidden"), { InRelease: "" });
    makeTree(join(layout.snapshots, "lost+found"), smallTree);
    chmodSync(directory.path, 0o755);
    chmodSync(join(layout.snapshots, "two/dists/hidden/InRelease"), 0);
    chmodSync(join(layout.snapshots, "lost+found"), 0);
    onTestFinished(() => chmodSync(join(layout.snapshots, "lost+found"), 0o755));
    expect(namesSeenByAnother(directory.path)).toEqual(["one", "two"]);
  });

  test("may come and go while it is looked at", async () => {
    const { layout, catalog } = await open();
    const path = makeTree(join(layout.snapshots, "one"), smallTree);
    await using mover = await moveToAndFro(path);
    const seen = { there: 0, gone: 0 };
    while (seen.there < 100 || seen.gone < 100) {
      const [snapshot] = catalog.list();
      if (snapshot === undefined) seen.gone++;
      else seen.there++;
    }
    await mover.stop();
    expect(catalog.list().map(({ name }) => name)).toEqual(["one"]);
  });
});

describe("require", () => {
  test("says which snapshots there are when the one asked for is not among them", async () => {
    const { tree, catalog } = await open();
    const errorOf = (): SnapshotError => {
      try {
        catalog.require("typo");
      } catch (error) {
        if (error instanceof SnapshotError) return error;
        throw error;
      }
      throw new Error("expected an error");
    };
    expect(errorOf().message).toBe('noble has no snapshot "typo"');
    expect(errorOf().hint).toContain("mirrorctl snapshot create noble");
    await catalog.create(tree, origin("one"), never);
    expect(errorOf().hint).toBe("There is one.");
    for (const name of ["2", "3", "4", "5", "6"]) await catalog.create(tree, origin(name), never);
    expect(errorOf().code).toBe("SNAPSHOT_NOT_FOUND");
    expect(errorOf().facts.snapshots).toHaveLength(6);
    expect(errorOf().hint).toBe("There are one, 6, 5, 4, 3, ….");
  });
});

describe("remove", () => {
  test("takes the snapshot and what is known of it, and no other", async () => {
    const { layout, tree, catalog } = await open();
    await catalog.create(tree, origin("one"), never);
    const { snapshot } = await catalog.create(tree, origin("two"), never);
    const two = await readTree(snapshot.path);
    await catalog.remove("one");

    expect(catalog.list().map(({ name }) => name)).toEqual(["two"]);
    expect(await readTree(snapshot.path)).toEqual(two);
    expect(await listFiles(layout.snapshotMeta)).toEqual(["two.json"]);
  });

  test("is finished by clean where a run was killed in the middle", async () => {
    const { layout, tree, catalog } = await open();
    await catalog.create(tree, origin("two"), never);
    makeTree(join(layout.snapshots, ".one.removed"), smallTree);
    makeTree(join(layout.snapshots, ".hidden"), { notes: "not mirrorctl's" });
    expect(await catalog.clean()).toEqual(["one"]);
    expect((await listFiles(layout.snapshots)).filter((path) => !path.startsWith("two/"))).toEqual([
      ".hidden/notes",
      ".meta/two.json",
    ]);
  });

  test("takes what is known and carried along, so that it is not said of whoever has the name next", async () => {
    const { layout, tree, catalog } = await open();
    await catalog.create(tree, origin("one"), never);
    const { snapshot } = await catalog.create(tree, origin("two"), never);
    for (const name of ["one", "two"]) writeCarried(join(layout.snapshots, name), carriedForADay);
    makeTree(layout.snapshots, {
      ".meta/.three.json.next": "cut",
      ".carried/.three.json.next": "cut",
      ".meta/theirs.json": '{"name":"theirs"}',
      ".probe": "",
    });
    const before = await readTree(layout.snapshots);
    // As a run leaves it that is killed just after it took the snapshot out of sight.
    renameSync(join(layout.snapshots, "one"), join(layout.snapshots, ".one.removed"));
    await catalog.clean();
    const after = await readTree(layout.snapshots);
    const gone = [...before.keys()].filter((path) => !after.has(path) && !path.startsWith("one/"));
    expect(gone).toEqual([
      ".carried/.three.json.next",
      ".carried/one.json",
      ".meta/.three.json.next",
      ".meta/one.json",
      ".probe",
    ]);
    expect([...after].every(([path, content]) => before.get(path) === content)).toBe(true);
    expect(catalog.find("two")).toEqual(snapshot);
  });

  test("takes away what an earlier removal left under the same name", async () => {
    const { layout, tree, catalog } = await open();
    makeTree(join(layout.snapshots, ".one.removed"), { "pool/old.deb": "old" });
    await catalog.create(tree, origin("one"), never);
    await catalog.remove("one");
    expect(await listFiles(layout.snapshots)).toEqual([]);
  });
});

describe("what is known of a snapshot", () => {
  test.each([
    ["was lost", (path: string) => rmSync(path)],
    ["was cut", (path: string) => writeFileSync(path, '{"format":1,"name":"one"')],
    ["is of another format", (path: string) => writeFileSync(path, '{"format":7,"name":"one"}')],
  ])("is made again from the tree where the file %s; all but the signers", async (_how, damage) => {
    const { layout, tree, catalog } = await open();
    const { snapshot } = await catalog.create(tree, origin("one"), never);
    damage(join(layout.snapshotMeta, "one.json"));

    const found = catalog.require("one");
    expect(found.recorded).toBe(false);
    const { files, packages, sizeBytes, releases } = found.meta;
    expect({ files, packages, sizeBytes }).toEqual({
      files: snapshot.meta.files,
      packages: snapshot.meta.packages,
      sizeBytes: snapshot.meta.sizeBytes,
    });
    expect(releases).toEqual([{ ...snapshot.meta.releases[0], signedBy: [] }]);
    expect(Math.abs(found.createdAt.getTime() - Date.now())).toBeLessThan(600_000);
    expect(catalog.list().map(({ name }) => name)).toEqual(["one"]);
  });

  test("survives that the whole state of mirrorctl is removed", async () => {
    const { layout, tree, catalog } = await open();
    await catalog.create(tree, origin("one"), never);
    rmSync(layout.own, { recursive: true, force: true });
    mkdirSync(layout.own);
    expect(openCatalog(layout).require("one").meta.releases[0]?.signedBy).toEqual(["871920D1991BC93C"]);
  });
});

test("counts a file that stands under two names once in bytes, and its name by hash not at all", async () => {
  const { directory, tree, catalog } = await open();
  const byHash = directory.join("tree/dists/noble/main/binary-amd64/by-hash/SHA256");
  mkdirSync(byHash, { recursive: true });
  linkSync(join(tree, "dists/noble/main/binary-amd64/Packages"), join(byHash, "abc"));
  const { snapshot } = await catalog.create(tree, origin("one"), never);
  expect(snapshot.meta).toMatchObject({ files: 5, sizeBytes: Object.values(smallTree).join("").length });
});

const load = (file: string): string => `await import(${JSON.stringify(new URL(file, import.meta.url).href)})`;

/** The names of the snapshots in `dir`, sorted, as a user finds them who owns nothing here (where the tests run as root). */
function namesSeenByAnother(dir: string): readonly string[] {
  const code = `
    const { openCatalog } = ${load("./catalog.ts")};
    const { mirrorLayout } = ${load("../layout.ts")};
    const layout = mirrorLayout(${JSON.stringify(dir)}, {
      id: "noble", snapshot: { path: ${JSON.stringify(join(dir, ".snapshots"))} },
      publish: { staging: "staging", production: "current" } });
    console.log(JSON.stringify(openCatalog(layout).list().map(({ name }) => name).toSorted()));`;
  const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", code], user);
  return JSON.parse(output.toString());
}

/** Renames a directory out of sight and back, again and again, from another process. */
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
