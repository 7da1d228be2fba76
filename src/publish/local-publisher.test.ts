import { mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate as turnOfEvents } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { listFiles, readTree, temporaryDirectory } from "../../test/support/index.ts";
import { mirrorLayout } from "../layout.ts";
import { type GenerationDifference, keepDifference, readCarried, writeCarried } from "../snapshot/index.ts";
import { formatMeta } from "../snapshot/records/meta.ts";
import { openLocalPublisher } from "./local-publisher.ts";
import type { PublicName, Publisher } from "./publisher.ts";
import { linksInto } from "./symbolic-links.ts";

async function open(snapshotPath: "inside" | "outside" = "inside") {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const dir = directory.join("www");
  mkdirSync(dir);
  const path = snapshotPath === "inside" ? directory.join("www/.snapshots") : directory.join("elsewhere");
  const layout = mirrorLayout(dir, {
    id: "noble",
    snapshot: { path },
    publish: { staging: "staging", production: "current" },
  });
  return { directory, layout, publisher: openLocalPublisher(layout) };
}

const { signal } = new AbortController();

const show = (publisher: Publisher, name: PublicName, snapshot: string): Promise<number> =>
  publisher.show(name, { kind: "snapshot", name: snapshot }, "nothing", signal);
const followWorking = (publisher: Publisher, name: PublicName): Promise<number> =>
  publisher.show(name, { kind: "working-mirror" }, "nothing", signal);

const publicNames: readonly PublicName[] = ["staging", "production"];

describe.each(publicNames)("%s", (name) => {
  const linkName = name === "staging" ? "staging" : "current";

  test("shows nothing at first", async () => {
    const { publisher } = await open();
    expect(await publisher.read(name)).toEqual({ kind: "none" });
    await publisher.hide(name);
    expect(await publisher.read(name)).toEqual({ kind: "none" });
  });

  test("shows the snapshot that was shown last, and the other name does not move", async () => {
    const { directory, publisher } = await open();
    const other = name === "staging" ? "production" : "staging";
    await show(publisher, other, "other");
    await show(publisher, name, "one");
    await show(publisher, name, "two");
    expect(await publisher.read(name)).toEqual({ kind: "snapshot", name: "two" });
    expect(await publisher.read(other)).toEqual({ kind: "snapshot", name: "other" });
    expect(await listFiles(directory.path)).toEqual(["www/noble/current", "www/noble/staging"]);
  });

  test("is relative inside dir, so that dir can be moved", async () => {
    const { publisher, layout } = await open("inside");
    await show(publisher, name, "one");
    expect(readlinkSync(`${layout.root}/${linkName}`)).toBe("../.snapshots/noble/one");
    await followWorking(publisher, name);
    expect(readlinkSync(`${layout.root}/${linkName}`)).toBe(".live");
    expect(await publisher.read(name)).toEqual({ kind: "working-mirror" });
  });

  test("is absolute if snapshots are outside dir", async () => {
    const { directory, publisher, layout } = await open("outside");
    await show(publisher, name, "one");
    expect(readlinkSync(`${layout.root}/${linkName}`)).toBe(directory.join("elsewhere/noble/one"));
    expect(await publisher.read(name)).toEqual({ kind: "snapshot", name: "one" });
  });

  test("can be hidden", async () => {
    const { directory, publisher } = await open();
    await show(publisher, name, "one");
    await publisher.hide(name);
    expect(await publisher.read(name)).toEqual({ kind: "none" });
    expect(await listFiles(directory.path)).toEqual([]);
  });

  test.each([
    ["a file", (path: string) => writeFileSync(path, "precious")],
    ["a directory", (path: string) => mkdirSync(path)],
  ])("is refused if %s has the name, which stays as it is", async (_what, make) => {
    const { publisher, layout, directory } = await open();
    mkdirSync(layout.root);
    make(`${layout.root}/${linkName}`);
    const before = await readTree(directory.path);
    for (const point of [
      () => publisher.assertAvailable(name),
      () => show(publisher, name, "one"),
      () => followWorking(publisher, name),
    ])
      await expect(point()).rejects.toThrow(expect.objectContaining({ code: "NAME_TAKEN", area: "publish" }));
    await publisher.hide(name);
    expect(await publisher.read(name)).toEqual({ kind: "none" });
    expect(await readTree(directory.path)).toEqual(before);
  });

  test.each([
    ["out of dir", "/srv/other", "/srv/other"],
    ["to another mirror's snapshot", "../.snapshots/jammy/one", "/.snapshots/jammy/one"],
    ["into a snapshot", "../.snapshots/noble/one/dists", "/.snapshots/noble/one/dists"],
  ])("is refused if another link leads %s, which stays as it is", async (_where, text, end) => {
    const { publisher, layout } = await open();
    mkdirSync(layout.root);
    symlinkSync(text, `${layout.root}/${linkName}`);
    expect(await publisher.read(name)).toEqual({
      kind: "foreign",
      path: expect.stringMatching(new RegExp(`${end}$`)),
    });
    await expect(show(publisher, name, "one")).rejects.toThrow(
      expect.objectContaining({ code: "LINK_FOREIGN", hint: expect.stringContaining("ln -sfn") }),
    );
    expect(readlinkSync(`${layout.root}/${linkName}`)).toBe(text);
  });

  test("recognizes a snapshot however an administrator wrote the link", async () => {
    const { publisher, layout } = await open();
    mkdirSync(layout.root);
    symlinkSync(`${layout.dir}//noble/../.snapshots/noble/one/`, `${layout.root}/${linkName}`);
    expect(await publisher.read(name)).toEqual({ kind: "snapshot", name: "one" });
  });
});

test("finds all links that lead to a snapshot or into it, also those of others", async () => {
  const { layout, publisher } = await open();
  expect(await publisher.namesShowing("one")).toEqual([]);
  await show(publisher, "production", "one");
  await show(publisher, "staging", "two");
  for (const [name, text] of [
    ["before", `${layout.snapshots}/one/`],
    ["dists", "../.snapshots/noble/one/dists"],
    [".hidden", `${layout.snapshots}/one`],
    ["near", "../.snapshots/noble/one-more"],
    ["other", "../.snapshots/jammy/one"],
    ["all", "../.snapshots/noble"],
    [".current.next", "../.snapshots/noble/one"], // as a killed run leaves it
  ] as const)
    symlinkSync(text, `${layout.root}/${name}`);
  writeFileSync(`${layout.root}/file`, "");
  expect(await publisher.namesShowing("one")).toEqual([".hidden", "before", "current", "dists"]);
  expect(await publisher.namesShowing("two")).toEqual(["staging"]);
});

test("finds every link that leads to the working mirror or into it", async () => {
  const { layout, publisher } = await open();
  mkdirSync(`${layout.trees}/one`, { recursive: true });
  mkdirSync(layout.root, { recursive: true });
  symlinkSync("../.mirrorctl/trees/noble/one", layout.live);
  await show(publisher, "staging", "one");
  expect(linksInto(layout, layout.live)).toEqual([]);
  for (const [name, text] of [
    ["dists", ".live/dists"],
    ["theirs", layout.live],
    ["tree", `${layout.trees}/one`],
    ["trees", layout.trees],
    [".live.next", "../.mirrorctl/trees/noble/one"], // as a killed run leaves it
  ] as const)
    symlinkSync(text, `${layout.root}/${name}`);
  await followWorking(publisher, "production");
  expect(linksInto(layout, layout.live)).toEqual(["current", "dists", "theirs", "tree"]);
});

test("shows the old snapshot if the move fails half-way", async () => {
  const { directory, layout, publisher } = await open();
  await show(publisher, "production", "old");
  // The next link cannot be made: its temporary name is taken by a directory that is not empty.
  mkdirSync(`${layout.root}/.current.next`);
  writeFileSync(`${layout.root}/.current.next/file`, "precious");
  const before = await readTree(directory.path);
  await expect(show(publisher, "production", "new")).rejects.toThrow(".current.next");
  expect(await publisher.read("production")).toEqual({ kind: "snapshot", name: "old" });
  expect(await readTree(directory.path)).toEqual(before);
});

test("replaces the unfinished link that a killed run left", async () => {
  const { layout, publisher, directory } = await open();
  await show(publisher, "production", "old");
  symlinkSync("half-made", `${layout.root}/.current.next`);
  await show(publisher, "production", "new");
  expect(await publisher.read("production")).toEqual({ kind: "snapshot", name: "new" });
  expect(await listFiles(directory.path)).toEqual(["www/noble/current"]);
});

test("recognizes a snapshot through another path to the snapshots", async () => {
  const { directory, layout, publisher } = await open();
  mkdirSync(join(layout.snapshots, "one"), { recursive: true });
  symlinkSync(layout.snapshots, directory.join("respelt"));
  mkdirSync(dirname(layout.production), { recursive: true });
  symlinkSync(directory.join("respelt/one"), layout.production);
  expect(await publisher.read("production")).toEqual({ kind: "snapshot", name: "one" });
  expect(await publisher.namesShowing("one")).toEqual([basename(layout.production)]);
});

test("shows a reader the old or the new tree while it moves, without a gap", async () => {
  const { layout, publisher } = await open();
  for (const name of ["old", "new"]) {
    mkdirSync(`${layout.snapshots}/${name}`, { recursive: true });
    writeFileSync(`${layout.snapshots}/${name}/Release`, name);
  }
  await show(publisher, "production", "old");
  await using reader = await readWithoutEnd(`${layout.production}/Release`);
  // The machine decides how often the reader looks: the link moves until it has seen both, and some more times.
  for (let count = 0; count < 150 || (reader.seen().length < 2 && count < 10_000); count++) {
    await show(publisher, "production", count % 2 === 0 ? "new" : "old");
    await turnOfEvents();
  }
  expect((await reader.stop()).toSorted()).toEqual(["new", "old"]);
});

/** Reads a file repeatedly in another process. Collects the different texts and error codes. */
async function readWithoutEnd(path: string) {
  const { spawn } = await import("node:child_process");
  const { once } = await import("node:events");
  const code = `
    const { readFileSync } = require("node:fs");
    const seen = new Set();
    const look = () => { const text = read(); if (!seen.has(text)) { seen.add(text); process.stdout.write(text + "\\n"); } };
    const read = () => { try { return readFileSync(${JSON.stringify(path)}, "utf8"); } catch (error) { return error.code; } };
    process.stdin.on("end", () => clearInterval(timer)).resume();
    const timer = setInterval(() => { for (let count = 0; count < 50; count++) look(); }, 0);`;
  const child = spawn(process.execPath, ["--eval", code], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "close");
  let output = "";
  child.stdout.on("data", (text) => {
    output += String(text);
  });
  await once(child.stdout, "data");
  const seen = (): readonly string[] => output.split("\n").filter((text) => text !== "");
  const stop = async (): Promise<readonly string[]> => {
    child.stdin.end();
    await exited;
    return seen();
  };
  return {
    seen,
    stop,
    async [Symbol.asyncDispose]() {
      child.stdin.destroy();
      await exited;
    },
  };
}

test("keeps files of the newest working mirror if a sync goes on meanwhile", async () => {
  const { layout, publisher } = await open();
  const makeGeneration = (name: string): void => {
    mkdirSync(join(layout.trees, name, "pool"), { recursive: true });
    writeFileSync(join(layout.trees, name, "pool", `${name}.deb`), name);
  };
  makeGeneration("one");
  mkdirSync(join(layout.snapshots, "frozen"), { recursive: true });
  await followWorking(publisher, "production");
  symlinkSync(join(layout.trees, "one"), layout.live);
  let synced = false;
  const isSound = (): boolean => {
    if (synced) return true;
    synced = true;
    makeGeneration("two");
    rmSync(layout.live);
    symlinkSync(join(layout.trees, "two"), layout.live);
    rmSync(join(layout.trees, "one"), { recursive: true });
    return true;
  };
  const keep = { now: new Date(), graceMs: 1_000, isSound };
  await publisher.show("production", { kind: "snapshot", name: "frozen" }, keep, signal);
  expect(await listFiles(join(layout.snapshots, "frozen"))).toEqual(["pool/two.deb"]);
});

describe("two snapshots", () => {
  const now = new Date("2026-05-04T12:00:00Z");
  const until = new Date("2026-05-05T00:00:00Z");

  /** Two snapshots: `one` carries old.deb and, to be noticed if somebody looks, has a file that `two` lacks. */
  async function openTwo(
    generations: readonly [one: string, two: string],
    differences: readonly GenerationDifference[] = [],
  ) {
    const { layout, publisher } = await open();
    const makeSnapshot = (name: string, generation: string, files: readonly string[]): void => {
      mkdirSync(join(layout.snapshots, name, "pool"), { recursive: true });
      for (const file of files) writeFileSync(join(layout.snapshots, name, "pool", file), file);
      mkdirSync(layout.snapshotMeta, { recursive: true });
      const createdAt = now.toISOString();
      const counts = { files: 1, packages: 1, sizeBytes: 1, releases: [] };
      const meta = formatMeta({ format: 1, name, createdAt, generation, ...counts });
      writeFileSync(join(layout.snapshotMeta, `${name}.json`), meta);
    };
    makeSnapshot("one", generations[0], ["same.deb", "noticed.deb", "old.deb"]);
    makeSnapshot("two", generations[1], ["same.deb"]);
    writeCarried(join(layout.snapshots, "one"), new Map([["pool/old.deb", until]]));
    for (const difference of differences) keepDifference(layout, difference);
    await show(publisher, "production", "one");
    const keep = { now, graceMs: 3_600_000 };
    const keptFiles = await publisher.show("production", { kind: "snapshot", name: "two" }, keep, signal);
    return { keptFiles, carried: [...readCarried(join(layout.snapshots, "two"))] };
  }

  test("of one generation hand on only carried files, without a walk", async () => {
    expect(await openTwo(["g1", "g1"])).toEqual({ keptFiles: 1, carried: [["pool/old.deb", until]] });
  });

  test.each([
    ["newer", (gone: readonly string[]) => ({ from: "g1", to: "g2", gone: [...gone], added: [] })],
    ["older", (gone: readonly string[]) => ({ from: "g2", to: "g1", gone: [], added: [...gone] })],
  ])("hand on what syncs recorded as gone to a %s one, without a walk", async (_, recorded) => {
    const others = recorded(["pool/same.deb", "pool/elsewhere.deb"]);
    expect(await openTwo(["g1", "g2"], [others])).toMatchObject({ keptFiles: 1 });
    const noticed = recorded(["pool/same.deb", "pool/elsewhere.deb", "pool/noticed.deb"]);
    expect(await openTwo(["g1", "g2"], [noticed])).toMatchObject({ keptFiles: 2 });
  });

  test("of two generations are walked", async () => {
    expect(await openTwo(["g1", "g2"])).toMatchObject({ keptFiles: 2 });
  });
});
