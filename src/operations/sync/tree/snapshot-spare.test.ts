/** Complete syncs with snapshots: the spare becomes the snapshot, and a pruned snapshot the next spare. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readTree } from "../../../../test/support/index.ts";
import { openMirror, type SyncedMirror } from "../test-support.ts";
import { openSnapshotSpare } from "./snapshot-spare.ts";

const extra = `publish_to_staging = true
[mirrors.m.snapshot]
prune = { keep_last = 2 }
`;
const hour = 3_600_000;

class Snapshots {
  readonly mirror: SyncedMirror;
  #syncs = 0;
  constructor(mirror: SyncedMirror) {
    this.mirror = mirror;
  }

  /** Syncs, an hour later each time, and returns the path of the new snapshot. */
  async sync(version?: string, options = extra): Promise<string> {
    if (version !== undefined) {
      this.mirror.upstream.suite("stable").removePackage("changes").addPackage("changes", version);
      await this.mirror.upstream.publish();
    }
    const now = new Date(Date.now() + this.#syncs++ * hour);
    const { outcome, said } = await this.mirror.sync({ extra: options, now });
    if (outcome.kind !== "synced" || said.includes("failed")) throw new Error(said);
    return realpathSync(join(this.mirror.dir, "m/staging"));
  }

  names(): readonly string[] {
    return readdirSync(join(this.mirror.dir, ".snapshots/m")).filter((name) => !name.startsWith("."));
  }

  get shown(): string {
    return realpathSync(join(this.mirror.dir, "m/.live"));
  }

  get spare(): string {
    return join(dirname(this.shown), `.${this.shown.split("/").at(-1)}.spare`);
  }
}

/** Checks that shown tree, snapshot and spare have the same files. */
async function expectSameTrees({ shown, spare }: Snapshots, snapshot: string): Promise<void> {
  const files = await readTree(shown);
  expect(await readTree(snapshot)).toEqual(files);
  expect(await readTree(spare)).toEqual(files);
}

/** A tree that becomes a snapshot gets a directory of its own. */
const inodeOf = (tree: string): number => statSync(join(tree, "pool")).ino;

async function openSnapshots(): Promise<Snapshots> {
  const mirror = await openMirror();
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  mirror.upstream
    .suite("stable", { compressions: ["gz"] })
    .addPackage("stays", "1.0")
    .addPackage("changes", "0.0");
  return new Snapshots(mirror);
}

/** Makes as many snapshots as are kept. */
async function openFull(): Promise<Snapshots> {
  const snapshots = await openSnapshots();
  for (const version of ["1.0", "2.0", "3.0"]) await snapshots.sync(version);
  return snapshots;
}

const stays = "pool/main/s/stays/stays_1.0_amd64.deb";

test("the spare becomes the snapshot, and a pruned snapshot the next spare", async () => {
  const snapshots = await openFull();
  const [first] = snapshots.names();
  const pruned = inodeOf(join(snapshots.mirror.dir, ".snapshots/m", first ?? ""));
  const shown = inodeOf(snapshots.shown);
  const snapshot = await snapshots.sync("4.0");
  expect([inodeOf(snapshot), inodeOf(snapshots.spare)]).toEqual([shown, pruned]);
  expect(snapshots.names()).toHaveLength(2);
  await expectSameTrees(snapshots, snapshot);
  expect(statSync(join(snapshot, stays)).ino).toBe(statSync(join(snapshots.shown, stays)).ino);
});

test("the snapshot is listed by its own age if its record is lost", async () => {
  const snapshots = await openFull();
  const before = Date.now();
  const name = (await snapshots.sync()).split("/").at(-1) ?? "";
  rmSync(join(snapshots.mirror.dir, `.snapshots/m/.meta/${name}.json`));
  const { catalog } = await snapshots.mirror.context({ extra });
  const [newest] = await catalog.list();
  expect(newest?.createdAt.getTime()).toBeGreaterThan(before - 10);
});

test("so it is if nothing is new upstream", async () => {
  const snapshots = await openFull();
  const spare = inodeOf(snapshots.spare);
  const snapshot = await snapshots.sync();
  expect(inodeOf(snapshot)).toBe(spare);
  await expectSameTrees(snapshots, snapshot);
  expect(existsSync(snapshots.spare)).toBe(true);
});

test("without a pruned snapshot, another spare is made", async () => {
  const snapshots = await openSnapshots();
  for (const version of ["1.0", "2.0"]) await snapshots.sync(version);
  expect(snapshots.names()).toHaveLength(2);
  await expectSameTrees(snapshots, await snapshots.sync("3.0", "publish_to_staging = true\n"));
  expect(snapshots.names()).toHaveLength(3);
});

test("a spare that somebody changed does not become the snapshot", async () => {
  const snapshots = await openFull();
  const spare = inodeOf(snapshots.spare);
  rmSync(join(snapshots.spare, stays));
  const snapshot = await snapshots.sync();
  expect(inodeOf(snapshot)).not.toBe(spare);
  expect(await readTree(snapshot)).toEqual(await readTree(snapshots.shown));
});

test("a spare with a damaged file does not become the snapshot", async () => {
  const snapshots = await openFull();
  const spare = inodeOf(snapshots.spare);
  writeFileSync(join(snapshots.mirror.dir, ".mirrorctl/objects/sha256/.disowned"), "");
  expect(inodeOf(await snapshots.sync())).not.toBe(spare);
});

describe("a pruned snapshot in which somebody changed something becomes a spare without that:", () => {
  test.each<[string, (tree: string) => void]>([
    ["a missing file", (tree) => rmSync(join(tree, stays))],
    ["a file with other bytes", (tree) => replace(join(tree, stays))],
    ["an extra file", (tree) => writeFileSync(join(tree, "pool/extra"), "")],
    ["a directory in place of a file", (tree) => replaceByDirectory(join(tree, stays))],
    ["a file in place of a directory", (tree) => replace(join(tree, "pool/main/s"))],
    ["empty directories", (tree) => mkdirSync(join(tree, "empty/below"), { recursive: true })],
    ["a symbolic link", (tree) => symlinkSync("pool", join(tree, "link"))],
  ])("%s", async (_, tamper) => {
    const snapshots = await openFull();
    const [first = ""] = snapshots.names();
    tamper(join(snapshots.mirror.dir, ".snapshots/m", first));
    await snapshots.sync("4.0");
    expect(snapshots.names()).not.toContain(first);
    const snapshot = await snapshots.sync("5.0");
    const files = await readTree(snapshots.shown);
    expect(await readTree(snapshot)).toEqual(files);
    expect(files.get(stays)).toBe((await readTree(snapshots.mirror.upstream.dir)).get(stays));
    expect(readdirSync(snapshots.shown).toSorted()).toEqual(["dists", "pool"]);
  });
});

function replace(path: string): void {
  rmSync(path, { recursive: true });
  writeFileSync(path, "other bytes");
}

function replaceByDirectory(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

test("a shown tree that lacks a file gets no spare, and the sync succeeds", async () => {
  const snapshots = await openFull();
  rmSync(join(snapshots.shown, "pool/main/c/changes/changes_3.0_amd64.deb"));
  for (let count = 1; count <= 3; count++) await snapshots.sync();
  expect(snapshots.names()).toHaveLength(2);
});

test("the mode of a pruned snapshot is not that of the next tree", async () => {
  const snapshots = await openFull();
  const [first = ""] = snapshots.names();
  const pruned = join(snapshots.mirror.dir, ".snapshots/m", first);
  for (const path of ["", "pool", "pool/main/s"]) chmodSync(join(pruned, path), 0o700);
  for (const version of ["4.0", "5.0"]) await snapshots.sync(version);
  for (const path of ["", "pool", "pool/main/s"])
    expect(statSync(join(snapshots.shown, path)).mode & 0o777).toBe(0o755);
});

/** Returns the objects that no tree holds. */
function looseObjects({ mirror }: Snapshots): readonly string[] {
  const objects = join(mirror.dir, ".mirrorctl/objects/sha256");
  const shards = readdirSync(objects).map((name) => join(objects, name));
  const paths = shards.flatMap((shard) => readdirSync(shard).map((name) => join(shard, name)));
  return paths.filter((path) => statSync(path).nlink === 1);
}

test("frees the objects that only a pruned snapshot had", async () => {
  const snapshots = await openFull();
  for (const version of ["4.0", "5.0"]) await snapshots.sync(version);
  expect(looseObjects(snapshots)).toEqual([]);
});

const keepsUnchanged = extra.replace("prune =", "skip_unchanged = true\nprune =");

test("frees what a prune left that was killed, also if nothing is new", async () => {
  const snapshots = await openFull();
  const [first = ""] = snapshots.names();
  const path = join(snapshots.mirror.dir, ".snapshots/m");
  renameSync(join(path, first), join(path, `.${first}.removed`));
  await snapshots.sync(undefined, keepsUnchanged);
  expect(looseObjects(snapshots)).toEqual([]);
});

test("a sync that is cut off while it prunes lets the next one look at every object", async () => {
  const snapshots = await openFull();
  const context = await snapshots.mirror.context({ extra });
  openSnapshotSpare(context).take("the tree of a pruned snapshot");
  expect(context.memory.isFreeing()).toBe(true);
  await snapshots.sync("4.0");
  expect(context.memory.isFreeing()).toBe(false);
});
