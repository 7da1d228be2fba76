/** What must hold after each run of a walk, however the walk came there. */
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { listSnapshots } from "../../../src/operations/snapshots/index.ts";
import { describeTree } from "../../../src/snapshot/trees/description.ts";
import { type DiskState, type MirrorState, type Tree } from "../disk-state.ts";
import type { FreshTrees } from "./fresh-trees.ts";
import { type MirrorId, type Move, mirrorIds } from "./moves.ts";
import type { WalkedSite } from "./walked-site.ts";

type Mirrors = DiskState["mirrors"];

/** Returns snapshots that are not what they were. One that was replaced by force may be. */
export function changedSnapshots(move: Move, before: Mirrors, after: Mirrors): string[] {
  return Object.entries(after).flatMap(([id, { snapshots }]) =>
    Object.entries(snapshots)
      .filter(([name]) => !mayReplace(move, id, name))
      .map(([name, tree]) => [`the snapshot ${id}/${name}`, before[id]?.snapshots[name], tree] as const)
      .filter(([, old]) => old !== undefined)
      .flatMap(([what, old = {}, tree]) => differences(what, old, tree)),
  );
}

const mayReplace = (move: Move, id: string, name: string): boolean =>
  move.does === "create" && move.force && move.mirror === id && name.startsWith(move.name);

/** Returns files that clients of the production before could fetch and now cannot, or that have other bytes. */
export function filesLostToClients(site: WalkedSite, before: Mirrors, after: Mirrors): string[] {
  return mirrorIds.flatMap((id) => {
    const [old, now] = [before[id]?.shown.current, after[id]?.shown.current];
    if (old === undefined || now === undefined || site.policies[id].grace === "0") return [];
    const offered = { ...now.carried, ...now.own };
    const kept = Object.entries(old.own).filter(([path]) => /^pool\/|\/by-hash\//.test(path));
    return kept
      .filter(([path, content]) =>
        path.startsWith("pool/") ? offered[path] === undefined : offered[path] !== content,
      )
      .map(([path]) => `production of ${id} no longer offers ${path}`);
  });
}

/** Compares a working mirror with what a first sync makes. */
export async function differencesFromFresh(
  site: WalkedSite,
  id: MirrorId,
  shown: MirrorState | undefined,
  fresh: FreshTrees,
): Promise<string[]> {
  return differences(`${id}, unlike a fresh sync,`, await fresh.read(site, id), shown?.shown.live?.own ?? {});
}

/** Compares what the last sync counted, mostly by differences, with a walk over the tree. */
export async function wrongCounts({ dir }: WalkedSite, id: MirrorId): Promise<string[]> {
  const state = join(dir, `.mirrorctl/state/${id}.json`);
  const live = join(dir, id, ".live");
  if (!existsSync(state) || !existsSync(live)) return [];
  const { counts, generation } = JSON.parse(readFileSync(state, "utf8")) as Record<string, unknown>;
  const root = realpathSync(live);
  if (generation !== root.split("/").at(-1)) return [];
  const { files, packages, sizeBytes } = await describeTree(root, new AbortController().signal);
  const counted = { files, packages, sizeBytes };
  return isDeepStrictEqual(counts, counted)
    ? []
    : [`${id} was counted as ${JSON.stringify(counts)}, but has ${JSON.stringify(counted)}`];
}

/** Compares the usage of snapshots by the records of differences with the same without records, by walks. */
export async function wrongUsage(site: WalkedSite, id: MirrorId): Promise<string[]> {
  await using app = await site.open();
  const mirror = app.mirror(id);
  const { differences: records } = mirror.layout;
  if (!existsSync(records)) return [];
  const byRecords = await listSnapshots([mirror], { detailed: true });
  const aside = site.bed.join("aside");
  renameSync(records, aside);
  mkdirSync(records);
  const byWalks = await listSnapshots([mirror], { detailed: true });
  rmSync(records, { recursive: true });
  renameSync(aside, records);
  return byRecords.flatMap(({ name, usage }, index) =>
    isDeepStrictEqual(usage, byWalks[index]?.usage)
      ? []
      : [
          `the snapshot ${id}/${name} uses ${JSON.stringify(byWalks[index]?.usage)}, not ${JSON.stringify(usage)}`,
        ],
  );
}

function differences(what: string, wanted: Tree, found: Tree): string[] {
  const paths = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
  return paths.flatMap((path) => {
    if (wanted[path] === found[path]) return [];
    const how =
      wanted[path] === undefined ? "also has" : found[path] === undefined ? "lacks" : "has other bytes of";
    return [`${what} ${how} ${path}`];
  });
}
