import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles } from "../../test/support/index.ts";
import { carriedRecordOf } from "../layout.ts";
import { describeTree, readCarried, writeCarried } from "../snapshot/index.ts";
import { directoryForTest, makeTree, smallTree } from "../snapshot/test-support.ts";
import { carryOver, dropExpired } from "./carry.ts";

const noon = new Date("2026-05-04T12:00:00Z");
const later = (hours: number): Date => new Date(noon.getTime() + hours * 3_600_000);
const dayMs = 24 * 3_600_000;
const day = { now: noon, graceMs: dayMs };
const { signal } = new AbortController();

const byHash = (index: string): string => `dists/noble/main/binary-amd64/by-hash/SHA256/${index}`;
const before = { ...smallTree, [byHash("aaaa")]: "index of a\n", "pool/main/b/b/b_1_amd64.deb": "package b" };
const after = { ...smallTree, [byHash("cccc")]: "index of c\n", "pool/main/c/c/c_1_amd64.deb": "package c" };

async function twoTrees(): Promise<{ from: string; to: string; third: string }> {
  const { path } = await directoryForTest();
  const tree = (name: string, files: Readonly<Record<string, string>>) => makeTree(join(path, name), files);
  return { from: tree("from", before), to: tree("to", after), third: tree("third", smallTree) };
}

const read = (tree: string, path: string): string => readFileSync(join(tree, path), "utf8");

describe("carrying over", () => {
  test("links indices by hash and packages of the old tree into the new one", async () => {
    const { from, to } = await twoTrees();
    expect(await carryOver(from, to, day, signal)).toBe(2);
    for (const path of [byHash("aaaa"), "pool/main/b/b/b_1_amd64.deb"])
      expect(statSync(join(to, path)).ino).toBe(statSync(join(from, path)).ino);
    expect([...readCarried(to)]).toEqual([
      [byHash("aaaa"), later(24)],
      ["pool/main/b/b/b_1_amd64.deb", later(24)],
    ]);
  });

  test("leaves every file of the new tree as it is", async () => {
    const { from, to } = await twoTrees();
    writeFileSync(join(to, "pool/main/b"), "");
    makeTree(to, { "pool/main/a/a/a_1_amd64.deb": "another a" });
    const files = await listFiles(to);
    await carryOver(from, to, day, signal);
    expect(read(to, "pool/main/a/a/a_1_amd64.deb")).toBe("another a");
    expect(read(to, "pool/main/b")).toBe("");
    expect(await listFiles(to)).toEqual([byHash("aaaa"), ...files].toSorted());
  });

  test("does not carry the signature files of a suite that is gone", async () => {
    const { from, to } = await twoTrees();
    makeTree(from, {
      "dists/gone/InRelease": "signed",
      "dists/gone/Release": "x",
      "dists/gone/Release.gpg": "x",
    });
    await carryOver(from, to, day, signal);
    expect(existsSync(join(to, "dists/gone"))).toBe(false);
  });

  test("does not carry a file that the new Release lists and its tree lacks", async () => {
    const { from, to } = await twoTrees();
    const listed = { "dists/noble/main/binary-amd64/Packages": "of another day" };
    makeTree(from, { ...listed, "dists/noble/main/binary-amd64/Packages.xz": "listed nowhere" });
    rmSync(join(to, "dists/noble/main/binary-amd64/Packages"));
    await carryOver(from, to, day, signal);
    expect(existsSync(join(to, "dists/noble/main/binary-amd64/Packages"))).toBe(false);
    expect(existsSync(join(to, "dists/noble/main/binary-amd64/Packages.xz"))).toBe(true);
  });

  test("leaves the description of the tree unchanged", async () => {
    const { from, to } = await twoTrees();
    const description = await describeTree(to, signal);
    await carryOver(from, to, day, signal);
    expect(await describeTree(to, signal)).toEqual(description);
  });

  test("carries nothing without a grace time", async () => {
    const { from, to } = await twoTrees();
    expect(await carryOver(from, to, { now: noon, graceMs: 0 }, signal)).toBe(0);
    expect(existsSync(carriedRecordOf(to))).toBe(false);
  });
});

describe("carrying on", () => {
  test("carries a carried file on for the time that it has left, and no longer", async () => {
    const { from, to, third } = await twoTrees();
    await carryOver(from, to, day, signal);
    await carryOver(to, third, { now: later(1), graceMs: dayMs }, signal);
    expect(Object.fromEntries(readCarried(third))).toEqual({
      [byHash("aaaa")]: later(24),
      "pool/main/b/b/b_1_amd64.deb": later(24),
      [byHash("cccc")]: later(25),
      "pool/main/c/c/c_1_amd64.deb": later(25),
    });
    await dropExpired(third, later(24), signal);
    expect([...readCarried(third).keys()]).toEqual([byHash("cccc"), "pool/main/c/c/c_1_amd64.deb"]);
  });

  test("extends the time of carried files if the old tree is shown again", async () => {
    const { from, to } = await twoTrees();
    await carryOver(from, to, day, signal);
    await carryOver(to, from, { now: later(2), graceMs: dayMs }, signal);
    await carryOver(from, to, { now: later(3), graceMs: dayMs }, signal);
    expect([...readCarried(to)]).toEqual([
      [byHash("aaaa"), later(27)],
      ["pool/main/b/b/b_1_amd64.deb", later(27)],
    ]);
    expect([...readCarried(from).keys()]).toEqual([byHash("cccc"), "pool/main/c/c/c_1_amd64.deb"]);
  });

  test("shows the later of two files that had other bytes at one path", async () => {
    const { from, to, third } = await twoTrees();
    makeTree(third, { "pool/main/b/b/b_1_amd64.deb": "package b, made again" });
    await carryOver(from, to, day, signal);
    await carryOver(third, to, day, signal);
    expect(read(to, "pool/main/b/b/b_1_amd64.deb")).toBe("package b, made again");
    expect(read(from, "pool/main/b/b/b_1_amd64.deb")).toBe("package b");
  });
});

/** Carries a file whose directory has the name of one that is carried, so many hours later. */
async function carryBelowCarried(hours: number): Promise<string> {
  const { from, to, third } = await twoTrees();
  makeTree(third, { "pool/main/d": "a file" });
  await carryOver(third, to, day, signal);
  makeTree(from, { "pool/main/d/d_1_amd64.deb": "package d" });
  await carryOver(from, to, { ...day, now: later(hours) }, signal);
  return to;
}

describe("a carried file where another file needs a directory", () => {
  test("gives way once its time is over", async () => {
    const to = await carryBelowCarried(24);
    expect(read(to, "pool/main/d/d_1_amd64.deb")).toBe("package d");
    expect(readCarried(to).has("pool/main/d")).toBe(false);
    await dropExpired(to, later(48), signal);
    expect((await listFiles(to)).filter((path) => path.startsWith("pool/main/d"))).toEqual([]);
  });

  test("stays as long as it has time left", async () => {
    expect(read(await carryBelowCarried(23), "pool/main/d")).toBe("a file");
  });
});

describe("dropping", () => {
  test("removes carried files, the directories made for them, and the record", async () => {
    const { from, to } = await twoTrees();
    const files = await listFiles(to);
    await carryOver(from, to, day, signal);
    expect(await dropExpired(to, later(24), signal)).toBe(2);
    expect(await listFiles(to)).toEqual(files);
    expect(readdirSync(join(to, "pool/main"))).toEqual(["a", "c"]);
    expect(existsSync(carriedRecordOf(to))).toBe(false);
  });

  test("drops files that could not be linked, below a file of the tree", async () => {
    const { from, to, third } = await twoTrees();
    writeFileSync(join(to, "pool/main/b"), "");
    const files = await listFiles(to);
    await carryOver(from, to, day, signal);
    await dropExpired(to, later(24), signal);
    expect(await listFiles(to)).toEqual(files);
    expect(existsSync(carriedRecordOf(to))).toBe(false);
    await carryOver(to, third, day, signal);
    expect(read(third, "pool/main/b")).toBe("");
    writeCarried(third, new Map([["pool/main", later(1)]])); // of a file that went before its directory came
    await dropExpired(third, later(1), signal);
    expect(read(third, "pool/main/b")).toBe("");
  });

  test("removes and links nothing through a link in place of a directory", async () => {
    const { from, to } = await twoTrees();
    await carryOver(from, to, day, signal);
    renameSync(join(to, "pool/main"), `${to}.theirs`);
    symlinkSync(`${to}.theirs`, join(to, "pool/main"));
    const theirs = await listFiles(`${to}.theirs`);
    await dropExpired(to, later(24), signal);
    expect(await listFiles(`${to}.theirs`)).toEqual(theirs);
    rmSync(join(`${to}.theirs`, "b"), { recursive: true });
    await carryOver(from, to, day, signal);
    expect(await listFiles(`${to}.theirs`)).toEqual(theirs.filter((path) => !path.startsWith("b/")));
  });

  test("leaves files that have time left", async () => {
    const { from, to } = await twoTrees();
    await carryOver(from, to, day, signal);
    expect(await dropExpired(to, later(23), signal)).toBe(0);
    expect(read(to, "pool/main/b/b/b_1_amd64.deb")).toBe("package b");
  });

  test.each([
    ["damaged", "{"],
    ["of a later format", '{"format":2,"carried":[]}'],
    [
      "that leads out of the tree",
      JSON.stringify({ format: 1, carried: [{ until: noon, paths: ["../from/x"] }] }),
    ],
    [
      "that leads anywhere",
      JSON.stringify({ format: 1, carried: [{ until: noon, paths: ["/etc/passwd"] }] }),
    ],
  ])("removes nothing if the record is %s", async (_what, text) => {
    const { from, to } = await twoTrees();
    await carryOver(from, to, day, signal);
    const files = await listFiles(to);
    writeFileSync(carriedRecordOf(to), text);
    expect(await dropExpired(to, later(48), signal)).toBe(0);
    expect(await listFiles(to)).toEqual(files);
  });
});
