import { mkdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate as turnOfEvents } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { listFiles, readTree, temporaryDirectory } from "../../test/support/index.ts";
import { mirrorLayout } from "../layout.ts";
import { openPublicLinks, type PublicName } from "./public-links.ts";

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
  return { directory, layout, links: openPublicLinks(layout) };
}

const publicNames: readonly PublicName[] = ["staging", "production"];

describe.each(publicNames)("%s", (name) => {
  const linkName = name === "staging" ? "staging" : "current";

  test("leads nowhere at first", async () => {
    const { links } = await open();
    expect(links.read(name)).toEqual({ kind: "none" });
    links.remove(name);
    expect(links.read(name)).toEqual({ kind: "none" });
  });

  test("leads to the snapshot it was last pointed to, and the other name does not move", async () => {
    const { directory, links } = await open();
    const other = name === "staging" ? "production" : "staging";
    links.pointToSnapshot(other, "other");
    links.pointToSnapshot(name, "one");
    links.pointToSnapshot(name, "two");
    expect(links.read(name)).toEqual({ kind: "snapshot", name: "two" });
    expect(links.read(other)).toEqual({ kind: "snapshot", name: "other" });
    expect(await listFiles(directory.path)).toEqual(["www/noble/current", "www/noble/staging"]);
  });

  test("is relative inside dir, so that dir can be moved", async () => {
    const { links, layout } = await open("inside");
    links.pointToSnapshot(name, "one");
    expect(readlinkSync(`${layout.root}/${linkName}`)).toBe("../.snapshots/noble/one");
    links.pointToWorkingMirror(name);
    expect(readlinkSync(`${layout.root}/${linkName}`)).toBe(".live");
    expect(links.read(name)).toEqual({ kind: "working-mirror" });
  });

  test("is absolute when snapshots are kept outside dir", async () => {
    const { directory, links, layout } = await open("outside");
    links.pointToSnapshot(name, "one");
    expect(readlinkSync(`${layout.root}/${linkName}`)).toBe(directory.join("elsewhere/noble/one"));
    expect(links.read(name)).toEqual({ kind: "snapshot", name: "one" });
  });

  test("can be taken away", async () => {
    const { directory, links } = await open();
    links.pointToSnapshot(name, "one");
    links.remove(name);
    expect(links.read(name)).toEqual({ kind: "none" });
    expect(await listFiles(directory.path)).toEqual([]);
  });

  test.each([
    ["a file", (path: string) => writeFileSync(path, "precious")],
    ["a directory", (path: string) => mkdirSync(path)],
  ])("is refused where %s stands, which stays as it is", async (_what, make) => {
    const { links, layout, directory } = await open();
    mkdirSync(layout.root);
    make(`${layout.root}/${linkName}`);
    const before = await readTree(directory.path);
    for (const point of [
      () => links.assertPointable(name),
      () => links.pointToSnapshot(name, "one"),
      () => links.pointToWorkingMirror(name),
    ])
      expect(point).toThrow(expect.objectContaining({ code: "NAME_TAKEN", area: "publish" }));
    links.remove(name);
    expect(links.read(name)).toEqual({ kind: "none" });
    expect(await readTree(directory.path)).toEqual(before);
  });

  test.each([
    ["out of dir", "/srv/other", "/srv/other"],
    ["to another mirror's snapshot", "../.snapshots/jammy/one", "/.snapshots/jammy/one"],
    ["into a snapshot", "../.snapshots/noble/one/dists", "/.snapshots/noble/one/dists"],
  ])("is refused where somebody's link leads %s, which stays as it is", async (_where, text, end) => {
    const { links, layout } = await open();
    mkdirSync(layout.root);
    symlinkSync(text, `${layout.root}/${linkName}`);
    expect(links.read(name)).toEqual({ kind: "foreign", path: expect.stringMatching(new RegExp(`${end}$`)) });
    expect(() => links.pointToSnapshot(name, "one")).toThrow(
      expect.objectContaining({ code: "LINK_FOREIGN", hint: expect.stringContaining("ln -sfn") }),
    );
    expect(readlinkSync(`${layout.root}/${linkName}`)).toBe(text);
  });

  test("knows a snapshot however an administrator spelt the link", async () => {
    const { links, layout } = await open();
    mkdirSync(layout.root);
    symlinkSync(`${layout.dir}//noble/../.snapshots/noble/one/`, `${layout.root}/${linkName}`);
    expect(links.read(name)).toEqual({ kind: "snapshot", name: "one" });
  });
});

test("all links that lead to a snapshot or into it are found, whoever made them", async () => {
  const { layout, links } = await open();
  expect(links.leadingTo("one")).toEqual([]);
  links.pointToSnapshot("production", "one");
  links.pointToSnapshot("staging", "two");
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
  expect(links.leadingTo("one")).toEqual([".hidden", "before", "current", "dists"]);
  expect(links.leadingTo("two")).toEqual(["staging"]);
});

test("knows every link that leads to the working mirror or into it", async () => {
  const { layout, links } = await open();
  mkdirSync(`${layout.trees}/one`, { recursive: true });
  mkdirSync(layout.root, { recursive: true });
  symlinkSync("../.mirrorctl/trees/noble/one", layout.live);
  links.pointToSnapshot("staging", "one");
  expect(links.leadingToWorkingMirror()).toEqual([]);
  for (const [name, text] of [
    ["dists", ".live/dists"],
    ["theirs", layout.live],
    ["tree", `${layout.trees}/one`],
    ["trees", layout.trees],
    [".live.next", "../.mirrorctl/trees/noble/one"], // as a killed run leaves it
  ] as const)
    symlinkSync(text, `${layout.root}/${name}`);
  links.pointToWorkingMirror("production");
  expect(links.leadingToWorkingMirror()).toEqual(["current", "dists", "theirs", "tree"]);
});

test("leads where it led when the move fails half-way", async () => {
  const { directory, layout, links } = await open();
  links.pointToSnapshot("production", "old");
  // The next link cannot be made: its temporary name is taken by a directory that is not empty.
  mkdirSync(`${layout.root}/.current.next`);
  writeFileSync(`${layout.root}/.current.next/file`, "precious");
  const before = await readTree(directory.path);
  expect(() => links.pointToSnapshot("production", "new")).toThrow(".current.next");
  expect(links.read("production")).toEqual({ kind: "snapshot", name: "old" });
  expect(await readTree(directory.path)).toEqual(before);
});

test("makes the next link in place of the one that a killed run left", async () => {
  const { layout, links, directory } = await open();
  links.pointToSnapshot("production", "old");
  symlinkSync("half-made", `${layout.root}/.current.next`);
  links.pointToSnapshot("production", "new");
  expect(links.read("production")).toEqual({ kind: "snapshot", name: "new" });
  expect(await listFiles(directory.path)).toEqual(["www/noble/current"]);
});

test("knows a link for what it leads to, however the way there was spelt when it was made", async () => {
  const { directory, layout, links } = await open();
  mkdirSync(join(layout.snapshots, "one"), { recursive: true });
  symlinkSync(layout.snapshots, directory.join("respelt"));
  mkdirSync(dirname(layout.production), { recursive: true });
  symlinkSync(directory.join("respelt/one"), layout.production);
  expect(links.read("production")).toEqual({ kind: "snapshot", name: "one" });
  expect(links.leadingTo("one")).toEqual([basename(layout.production)]);
});

test("shows a reader one tree or the other while it moves, without a gap", async () => {
  const { layout, links } = await open();
  for (const name of ["old", "new"]) {
    mkdirSync(`${layout.snapshots}/${name}`, { recursive: true });
    writeFileSync(`${layout.snapshots}/${name}/Release`, name);
  }
  links.pointToSnapshot("production", "old");
  await using reader = await readWithoutEnd(`${layout.production}/Release`);
  // How often it looks is the machine's business: the link moves until it has seen both, and a while longer.
  for (let count = 0; count < 150 || (reader.seen().length < 2 && count < 10_000); count++) {
    links.pointToSnapshot("production", count % 2 === 0 ? "new" : "old");
    await turnOfEvents();
  }
  expect((await reader.stop()).toSorted()).toEqual(["new", "old"]);
});

/** Reads a file from another process, again and again, and tells what it reads as it is new, errors among it. */
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
