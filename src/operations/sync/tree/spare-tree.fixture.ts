/** A mirror with a spare, and the same sync without one. */
import { hash } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { openMirror, type SyncedMirror, withLargeStanzas } from "../test-support.ts";

export const changesIn = (version: string): string => `pool/main/c/changes/changes_${version}_amd64.deb`;
export const stays = "pool/main/s/stays/stays_1.0_amd64.deb";

export const also = "pool/main/a/also/also_1.0_amd64.deb";

/** Syncs three versions, so that there is a spare. */
export async function openWithSpare(extra = ""): Promise<SyncedMirror> {
  const mirror = await openMirror();
  mirror.upstream
    .suite("stable", { compressions: ["gz"], editIndex: withLargeStanzas })
    .addPackage("stays", "1.0")
    .addPackage("also", "1.0")
    .addPackage("changes", "0.0");
  for (const version of ["1.0", "2.0"]) await change(mirror, version, extra);
  expect(existsSync(spareOf(mirror))).toBe(true);
  return mirror;
}

export async function change(
  mirror: SyncedMirror,
  version: string,
  extra = "",
  now = new Date(),
): Promise<void> {
  mirror.upstream.suite("stable").removePackage("changes").addPackage("changes", version);
  await mirror.upstream.publish();
  const { outcome, said } = await mirror.sync({ extra, now });
  expect([outcome.kind, said]).toEqual(["synced", expect.not.stringContaining("failed")]);
}

export const shownTree = ({ dir }: SyncedMirror): string => realpathSync(join(dir, "m/.live"));
const beside = (mirror: SyncedMirror, suffix: string): string =>
  join(dirname(shownTree(mirror)), `.${shownTree(mirror).split("/").at(-1)}${suffix}`);
export const spareOf = (mirror: SyncedMirror): string => beside(mirror, ".spare");
export const listOf = (mirror: SyncedMirror): string => beside(mirror, ".files");
export const inodeOf = (path: string): number => statSync(path).ino;

/**
 * Returns the tree that a sync of the same upstream shows that has no spare and reads all stanzas. It differs in the time of its
 * making alone.
 */
export async function treeWithoutSpare(
  mirror: SyncedMirror,
  extra = "",
): Promise<ReadonlyMap<string, string>> {
  rmSync(spareOf(mirror), { recursive: true, force: true });
  rmSync(listOf(mirror), { force: true });
  rmSync(join(mirror.dir, ".mirrorctl/state/m.json"));
  const { outcome, said } = await mirror.sync({ extra: `${extra}[mirrors.m.publish]\ngrace = "0"\n` });
  expect([outcome.kind, said]).toEqual(["synced", expect.anything()]);
  return await mirror.tree();
}

/** Returns the names of the objects that the shown tree does not have. */
export async function objectsBesideTree(mirror: SyncedMirror): Promise<ReadonlySet<string>> {
  const objects = join(mirror.dir, ".mirrorctl/objects/sha256");
  const shards = readdirSync(objects).filter((name) => !name.startsWith("."));
  const names = shards.flatMap((shard) => readdirSync(join(objects, shard)));
  const held = new Set((await mirror.tree()).values());
  return new Set(names.filter((name) => !held.has(name)));
}

/** Writes another list of the shown tree, as a sync would have written it. */
export function editList(mirror: SyncedMirror, edit: (lines: string) => string): void {
  const list = listOf(mirror);
  const { atime, mtime } = statSync(list);
  const lines = readFileSync(list, "utf8").replace(/end \w+\n$/, "");
  const edited = edit(lines);
  expect(edited).not.toBe(lines);
  writeFileSync(list, `${edited}end ${hash("sha256", edited)}\n`);
  utimesSync(list, atime, mtime);
}

/** Makes the list of the shown tree that of an earlier boot. */
export const startMachineAgain = (mirror: SyncedMirror): void =>
  editList(mirror, (lines) => lines.replace(/"boot":"[^"]+"/, '"boot":"an earlier one"'));

export const withoutGrace = '[mirrors.m.publish]\ngrace = "0"\n';
