import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SnapshotDiffAnswer } from "../../report/json/schemas/snapshot-diff.ts";
import type { MirrorContext } from "../context.ts";
import {
  forgetFacts,
  inRelease,
  type Mirrors,
  openMirrors,
  packages,
  renameSnapshot,
  stateOf,
} from "../verify/test-support.ts";
import { diffTrees } from "./index.ts";

/** Has snapshots "one" in production and "two" in staging; in "two" and the working mirror, hello is newer. */
async function openStaged(settings: Readonly<Record<string, unknown>> = {}): Promise<Mirrors> {
  const mirrors = await openMirrors();
  mirrors.configure({ m: settings }, { snapshot: {} });
  const stable = mirrors.upstream.suite("stable");
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  await mirrors.run(["snapshot", "publish", "m", "one"]);
  stable.removePackage("hello").addPackage("hello", "1.1-1").removePackage("tool").addPackage("new", "3.0-1");
  await mirrors.upstream.publish();
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "two", "--stage"]);
  return mirrors;
}

async function diff(mirrors: Mirrors, ...names: readonly string[]): Promise<readonly string[]> {
  const { out } = await mirrors.run(["--json", "snapshot", "diff", "m", ...names]);
  const { from, to, sources } = JSON.parse(out) as SnapshotDiffAnswer;
  return [
    `${from.name} -> ${to.name}`,
    ...sources.flatMap(({ changes }) => changes.map(({ message }) => message)),
  ];
}

const changes = [
  "upgraded hello 1.0-1 -> 1.1-1 (stable main amd64)",
  "added new 3.0-1 (stable main amd64)",
  "removed tool 2.0-1 (stable main amd64)",
];

describe("the two trees", () => {
  test("are production and staging, unless others are named", async () => {
    const mirrors = await openStaged();
    expect(await diff(mirrors)).toEqual(["one -> two", ...changes]);
    expect(await diff(mirrors, "production", "working")).toEqual(["one -> (working mirror)", ...changes]);
    expect(await diff(mirrors, "one")).toEqual(["one -> two", ...changes]);
    expect(await diff(mirrors, "current", "staging")).toEqual(["one -> two", ...changes]);
    expect(await diff(mirrors, "two", "working")).toEqual(["two -> (working mirror)"]);
    expect(await diff(mirrors, "two", "staging")).toEqual(["two -> two"]);
    expect(await diff(mirrors, "staging", "production")).toEqual([
      "two -> one",
      "downgraded hello 1.1-1 -> 1.0-1 (stable main amd64)",
      "removed new 3.0-1 (stable main amd64)",
      "added tool 2.0-1 (stable main amd64)",
    ]);
  });

  test("may be snapshots that earlier versions gave the name of a link", async () => {
    const mirrors = await openStaged();
    await mirrors.run(["snapshot", "create", "m", "three"]);
    renameSnapshot(mirrors, "three", "production");
    expect(await diff(mirrors, "production", "two")).toEqual(["production -> two"]);
  });

  test("are the same without snapshots, where production follows the working mirror", async () => {
    const mirrors = await openMirrors();
    await mirrors.run(["sync"]);
    expect(await diff(mirrors, "production", "working")).toEqual(["(working mirror) -> (working mirror)"]);
  });

  test.each([
    [[], "m has nothing in production"],
    [["working"], "m has nothing in staging"],
    [["gone", "working"], 'm has no snapshot "gone"'],
    [["../m", "working"], 'm has no snapshot "../m"'],
  ])("must exist: %j", async (names, message) => {
    const mirrors = await openMirrors();
    mirrors.configure({ m: {} }, { snapshot: {} });
    await mirrors.run(["sync"]);
    const { log } = await mirrors.run(["snapshot", "diff", "m", ...names], 1);
    expect(log).toContain(`ERROR ${message}`);
  });

  test("must exist: the error says when a snapshot was deleted", async () => {
    const mirrors = await openStaged();
    await mirrors.run(["snapshot", "create", "m", "three"]);
    await mirrors.run(["snapshot", "delete", "m", "three"]);
    const { log } = await mirrors.run(["snapshot", "diff", "m", "three"], 1);
    expect(log).toContain("ERROR snapshot three of m was deleted on ");
  });

  test("must exist: a mirror that was never synced has none", async () => {
    const { log } = await (await openMirrors()).run(["snapshot", "diff", "m", "working", "working"], 1);
    expect(log).toContain("ERROR m has no working mirror yet");
  });
});

test("takes no lock and changes nothing", async () => {
  const mirrors = await openStaged();
  const before = await stateOf(mirrors.dir);
  const context = await mirrors.context("m");
  using locks = new DisposableStack();
  locks.use(await context.lockWorkingMirror("test"));
  locks.use(await context.lockSnapshots("test"));
  expect(await diff(mirrors)).toHaveLength(4);
  expect(await stateOf(mirrors.dir)).toEqual(before);
});

test("names the packages of one source only, if asked to", async () => {
  const mirrors = await openStaged();
  expect(await diff(mirrors, "--source", "hello")).toEqual(["one -> two", changes[0]]);
});

test("leaves out what the filters of each tree left out", async () => {
  const mirrors = await openStaged({ filters: { exclude_patterns: ["^new$"] } });
  expect(await diff(mirrors)).toEqual(["one -> two", changes[0], changes[2]]);
});

test("needs no record of what the syncs selected", async () => {
  const mirrors = await openStaged();
  forgetFacts(mirrors);
  expect(await diff(mirrors)).toEqual(["one -> two", ...changes]);
  expect(await diff(mirrors, "one", "working")).toEqual(["one -> (working mirror)", ...changes]);
});

/** Opens the mirror. `meanwhile` happens once both trees were found. */
async function contextWith(mirrors: Mirrors, meanwhile: () => void): Promise<MirrorContext> {
  const context = await mirrors.context("m");
  const find: MirrorContext["catalog"]["find"] = async (name) => {
    const found = await context.catalog.find(name);
    if (name === "one") meanwhile();
    return found;
  };
  return { ...context, catalog: { ...context.catalog, find } };
}

const compare = async (mirrors: Mirrors, meanwhile: () => void) =>
  diffTrees(await contextWith(mirrors, meanwhile), { from: "two", to: "one" });

describe("a snapshot that is removed meanwhile", () => {
  test("is an error, and not a difference", async () => {
    const mirrors = await openStaged();
    const tree = join(mirrors.dir, ".snapshots/m/two");
    await expect(compare(mirrors, () => rmSync(tree, { recursive: true }))).rejects.toMatchObject({
      code: "SNAPSHOT_NOT_FOUND",
      message: "snapshot two of m was removed while it was compared",
    });
  });

  test("is an error if another one has its name by then", async () => {
    const mirrors = await openStaged();
    await mirrors.run(["snapshot", "create", "m", "three"]);
    const snapshots = join(mirrors.dir, ".snapshots/m");
    const replace = () => {
      rmSync(join(snapshots, "two"), { recursive: true });
      renameSync(join(snapshots, "three"), join(snapshots, "two"));
    };
    await expect(compare(mirrors, replace)).rejects.toMatchObject({
      message: "snapshot two of m was replaced while it was compared",
    });
  });
});

describe("a damaged tree", () => {
  test.each([
    ["without a Release", inRelease, "two of m lacks the Release of stable"],
    ["without an index", packages, "two of m lacks main/binary-amd64/Packages of stable"],
  ])("%s is an error, and not a difference", async (_what, path, message) => {
    const mirrors = await openStaged();
    const paths = path === inRelease ? [path, path.replace("In", "")] : [path, path.replace(".xz", ".gz")];
    for (const one of paths) rmSync(mirrors.file(one, "two"), { force: true });
    if (path === packages) rmSync(join(mirrors.file(packages, "two"), "../by-hash"), { recursive: true });
    const { log } = await mirrors.run(["snapshot", "diff", "m"], 1);
    expect(log).toContain(`ERROR ${message}`);
  });

  test("with other bytes in an index is an error that names tree and file", async () => {
    const mirrors = await openStaged();
    for (const form of [packages, packages.replace(".xz", ".gz")]) {
      const path = mirrors.file(form, "two");
      const bytes = readFileSync(mirrors.file(form, "one"));
      rmSync(path);
      writeFileSync(path, bytes);
    }
    const { log } = await mirrors.run(["snapshot", "diff", "m"], 1);
    expect(log).toMatch(/ERROR two of m cannot be read: .*dists\/stable\/main\/binary-amd64\/Packages/);
  });
});

function read(): never {
  throw Object.assign(new Error("refused"), { code: "EACCES" });
}

test("a user who may not read the state compares the working mirror too", async () => {
  const mirrors = await openStaged();
  const context = await mirrors.context("m");
  const denied = { ...context, memory: { ...context.memory, read } };
  const { sources } = await diffTrees(denied, { to: "working" });
  expect(sources.map(({ source }) => source)).toEqual(["hello", "new", "tool"]);
});
