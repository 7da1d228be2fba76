import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type TemporaryDirectory, temporaryDirectory } from "../../test/support/index.ts";
import { DirectoryWalk } from "./walk-directories.ts";

const signal = new AbortController().signal;

async function openDirectory(...files: readonly string[]): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  for (const path of files) {
    mkdirSync(dirname(directory.join(path)), { recursive: true });
    writeFileSync(directory.join(path), path);
  }
  return directory;
}

const openWalk = (directories: readonly string[], without: readonly string[] = []): DirectoryWalk =>
  new DirectoryWalk(directories, {
    without,
    onUnreadable: (directory, code) => {
      throw new Error(`${directory}: ${code}`);
    },
  });

async function pathsOf(walk: DirectoryWalk, root: string, later?: ReadonlySet<string>): Promise<string[]> {
  const paths: string[] = [];
  for await (const group of walk.files(signal, later))
    paths.push(...group.map(({ path }) => relative(root, path)));
  return paths.toSorted();
}

test("yields every file once, with its size, whatever the order of the directories", async () => {
  const directory = await openDirectory("a", "b/c", "b/d/e");
  const { path } = directory;
  const walk = openWalk([directory.join("b"), path, directory.join("b/d"), path]);
  expect(await pathsOf(walk, path)).toEqual(["a", "b/c", "b/d/e"]);
  for await (const [file] of openWalk([directory.join("b/d")]).files(signal))
    expect(file).toMatchObject({ path: directory.join("b/d/e"), sizeBytes: "b/d/e".length });
});

test("yields more files than fit into a group", async () => {
  const names = Array.from({ length: 250 }, (_, number) => `many/${number}`);
  const { path } = await openDirectory(...names);
  expect(await pathsOf(openWalk([path]), path)).toEqual(names.toSorted());
});

test("leaves directories of some names for later", async () => {
  const { path } = await openDirectory("dists/a", "pool/b", "other/pool/c/d");
  const walk = openWalk([path]);
  expect(await pathsOf(walk, path, new Set(["pool"]))).toEqual(["dists/a"]);
  expect(await pathsOf(walk, path, new Set(["pool"]))).toEqual([]);
  expect(await pathsOf(walk, path)).toEqual(["other/pool/c/d", "pool/b"]);
  expect(await pathsOf(walk, path)).toEqual([]);
});

test("leaves out the directories that it must, also under another name", async () => {
  const directory = await openDirectory("a", "own/b", "own/below/c");
  const { path } = directory;
  symlinkSync(directory.join("own"), directory.join("link"));
  expect(await pathsOf(openWalk([path], [directory.join("link")]), path)).toEqual(["a"]);
});

test("follows a link that is named, and none that it meets", async () => {
  const directory = await openDirectory("a/b", "elsewhere/c");
  symlinkSync(directory.join("elsewhere"), directory.join("a/link"));
  symlinkSync(directory.join("a"), directory.join("a/loop"));
  symlinkSync(directory.join("elsewhere/c"), directory.join("a/file"));
  symlinkSync(directory.join("a"), directory.join("named"));
  expect(await pathsOf(openWalk([directory.join("named")]), directory.path)).toEqual(["a/b"]);
});

test("goes on after a directory that cannot be read, and says which", async () => {
  const directory = await openDirectory("a/b", "c/d");
  const unreadable = new Set<string>();
  const tooLong = directory.join("x".repeat(300));
  const walk = new DirectoryWalk(
    [directory.join("a"), tooLong, directory.join("missing"), directory.join("c")],
    { without: [], onUnreadable: (...found) => void unreadable.add(found.join(": ")) },
  );
  expect(await pathsOf(walk, directory.path)).toEqual(["a/b", "c/d"]);
  expect([...unreadable]).toEqual([`${tooLong}: ENAMETOOLONG`]);
});

test("goes on after a directory that becomes a link or vanishes", async () => {
  const directory = await openDirectory("a/b", "c/d", "e/f");
  const paths: string[] = [];
  for await (const group of openWalk([directory.path]).files(signal)) {
    if (group.length === 0) {
      renameSync(directory.join("c"), directory.join("moved"));
      symlinkSync("/etc", directory.join("c"));
      rmSync(directory.join("e"), { recursive: true });
    }
    paths.push(...group.map(({ path }) => relative(directory.path, path)));
  }
  expect(paths).toEqual(["a/b"]);
});

test("ends when it is aborted", async () => {
  const { path } = await openDirectory("a");
  const aborted = AbortSignal.abort(new Error("stopped"));
  await expect(openWalk([path]).files(aborted).next()).rejects.toThrow("stopped");
});
