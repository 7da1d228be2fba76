/** A mirror with two packages upstream, and dry runs of it. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { listFiles, readIdentities } from "../../../test/support/index.ts";
import { openMirror, type RunOptions, type SyncedMirror } from "../sync/test-support.ts";

export async function openStable(): Promise<SyncedMirror> {
  const mirror = await openMirror();
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  mirror.upstream.suite("stable").addPackage("hello", "1.0").addPackage("world", "1.0");
  await mirror.upstream.publish();
  return mirror;
}

export async function publishNews({ upstream }: SyncedMirror): Promise<void> {
  upstream.suite("stable").addPackage("newcomer", "1.0");
  await upstream.publish();
}

/** A dry run; what it leaves below `dir` and where temporary files belong must be what was there. */
export async function dryRun(mirror: SyncedMirror, options: RunOptions = {}) {
  const before = readIdentities(mirror.dir);
  const result = await mirror.dryRun(options);
  expect(readIdentities(mirror.dir)).toEqual(before);
  expect(readdirSync(mirror.tempDir)).toEqual([]);
  return result;
}

export const deb = (name: string): string => `pool/main/${name[0]}/${name}/${name}_1.0_amd64.deb`;
export const sizeOf = ({ upstream }: SyncedMirror, name: string): number =>
  statSync(upstream.path(deb(name))).size;

/** Where the store has a file of the working mirror. */
export async function objectOf({ dir }: SyncedMirror, path: string): Promise<string> {
  const { ino } = statSync(join(dir, "m/.live", path));
  const objects = join(dir, ".mirrorctl/objects/sha256");
  const name = (await listFiles(objects)).find((candidate) => statSync(join(objects, candidate)).ino === ino);
  return join(objects, name ?? "there is none");
}

export const snapshots = "snapshot = {}\n";
