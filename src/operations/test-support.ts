/** Mirrors with real adapters in a temporary directory, and trees without an upstream. Only tests import this. */
import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { configText, Site } from "../../test/support/site.ts";
import { temporaryPath } from "../../test/support/temporary-directory.ts";
import type { Generation, PublicName } from "../publish/index.ts";
import type { Sha256 } from "../repository/index.ts";
import { keepDifference, type Snapshot, walkPaths } from "../snapshot/index.ts";
import { standInName } from "../snapshot-name.ts";
import type { MirrorContext } from "./context.ts";
import { type RollbackOptions, rollBack } from "./production/roll-back.ts";
import { freezeGeneration } from "./snapshots/freeze-generation.ts";

export { configText, type Site };

/** Makes a site that is removed when the test ends. `extra` is added to the tables of noble. */
export async function openSite(extra = ""): Promise<Site> {
  const site = await Site.make({ extra });
  onTestFinished(() => site[Symbol.asyncDispose]());
  site.now = new Date("2026-05-04T03:02:01Z");
  return site;
}

/** Makes a directory that is removed when the test ends. */
export function directoryForTest(): Site["directory"] {
  const path = temporaryPath();
  onTestFinished(() => rmSync(path, { recursive: true }));
  return { path, join: (...segments) => join(path, ...segments) };
}

/** Returns the files of one suite at a date: a detached signature, and one package of that version. */
export const suiteFiles = (suite: string, date: string, validUntil?: string) => ({
  [`dists/${suite}/Release`]: [
    `Codename: ${suite}`,
    `Date: ${new Date(date).toUTCString()}`,
    ...(validUntil === undefined ? [] : [`Valid-Until: ${new Date(validUntil).toUTCString()}`]),
    "SHA256:",
    ` ${createHash("sha256").digest("hex")} 0 main/binary-amd64/Packages`,
    "",
  ].join("\n"),
  [`dists/${suite}/Release.gpg`]: "signature",
  [`dists/${suite}/main/binary-amd64/Packages`]: "",
  [`pool/main/t/tool/tool_${date}_amd64.deb`]: `tool of ${suite} as of ${date}`,
});

/** Records how each generation differs from the next, as syncs do. */
export async function recordDifferences({ layout, catalog, working }: MirrorContext): Promise<void> {
  const trees = new Map((await catalog.list()).map(({ meta, path }) => [meta.generation ?? "", path]));
  for (const { name, path } of working.generations()) trees.set(name, path);
  const generations = [...trees].map(([name, path]) => digestsIn({ name, path }));
  const inOrder = generations.toSorted((a, b) => (a.generation < b.generation ? -1 : 1));
  for (const [index, to] of inOrder.entries()) {
    const from = inOrder[index - 1];
    if (from !== undefined) recordDifference(layout, from, to);
  }
}

/** The files of a generation. */
interface GenerationDigests {
  readonly generation: string;
  readonly digests: ReadonlyMap<string, Sha256>;
}

/** Records how a generation differs from the one before, as a sync does. */
export function recordDifference(
  layout: MirrorContext["layout"],
  from: GenerationDigests,
  to: GenerationDigests,
): void {
  const lacking = (one: GenerationDigests, other: GenerationDigests) =>
    [...one.digests].filter(([path, digest]) => digest !== other.digests.get(path));
  const gone = lacking(from, to);
  keepDifference(layout, {
    from: from.generation,
    to: to.generation,
    gone: gone.map(([path]) => path),
    goneObjects: gone.map(([, digest]) => digest),
    added: lacking(to, from).map(([path]) => path),
  });
}

export const digestsIn = ({ name, path: tree }: Generation): GenerationDigests => ({
  generation: name,
  digests: new Map([...walkPaths(tree)].map((path) => [path, sha256Of(join(tree, path))])),
});

const sha256Of = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex") as Sha256;

/** Rolls back one mirror. */
export async function rollBackOne(context: MirrorContext, options: RollbackOptions = {}): Promise<Snapshot> {
  const [snapshot] = await rollBack([context], options);
  if (snapshot === undefined) throw new Error("a rollback went to no snapshot");
  return snapshot;
}

export const hoursMs = (hours: number): number => hours * 3_600_000;

/** Makes a public name show a snapshot, as by hand: nothing is carried or recorded. */
export async function showBare(
  { publisher, signal }: MirrorContext,
  name: PublicName,
  snapshot: string,
): Promise<void> {
  await publisher.show(name, { kind: "snapshot", name: snapshot }, "nothing", signal);
}

/** Makes a public name follow the working mirror. */
export async function followWorking({ publisher, signal }: MirrorContext, name: PublicName): Promise<void> {
  await publisher.show(name, { kind: "working-mirror" }, "nothing", signal);
}

/** Leaves the copy of a snapshot that a run makes while it replaces it, as if that run was killed. Returns its name. */
export async function leaveStandIn(context: MirrorContext, of: string): Promise<string> {
  const generation = context.working.current();
  if (generation === undefined) throw new Error(`${context.mirror.id} was not synced`);
  return (await freezeGeneration(context, generation, standInName(of))).name;
}
