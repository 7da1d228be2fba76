import { hasCode } from "../../errors.ts";
import { statLinkIfAny } from "../../platform/look.ts";
import type { Generation } from "../../publish/index.ts";
import { findReleases, type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { SyncState } from "../../store/index.ts";
import type { MirrorContext } from "../context.ts";
import type { VerifiableTree } from "./checks/tree.ts";

/** Returns the snapshot of that name; without a name, the working mirror and every snapshot, newest first. */
export async function treesToVerify(
  context: MirrorContext,
  name: string | undefined,
): Promise<readonly VerifiableTree[]> {
  if (name !== undefined) return [{ ...treeOfSnapshot(await context.catalog.require(name)), isOurs: true }];
  const generation = context.working.current();
  const working = generation === undefined ? [] : [await treeOfGeneration(context, generation)];
  const trees = [...working, ...(await context.catalog.list()).map(treeOfSnapshot)];
  if (trees.length > 0) return trees;
  throw new SnapshotError("NOTHING_SYNCED", `${context.mirror.id} has nothing to verify yet`, {
    hint: `Sync it first: mirrorctl sync ${context.mirror.id}`,
  });
}

export function treeOfSnapshot({ name, path, createdAt, meta, recorded }: Snapshot): VerifiableTree {
  const releases = new Map(meta.releases.map(({ suite, date }) => [suite, date]));
  const tree = { name, path, isWorkingMirror: false, isOurs: recorded };
  return { ...tree, madeAt: createdAt, generation: meta.generation, facts: meta.facts, releases };
}

export async function treeOfGeneration(
  context: MirrorContext,
  { name, path }: Generation,
): Promise<VerifiableTree> {
  const state = readState(context);
  const known = state?.generation === name ? state : undefined;
  const releases = known?.facts === undefined ? await findReleases(path, context.signal) : [];
  return {
    name: workingMirrorName,
    path,
    isWorkingMirror: true,
    isOurs: true,
    madeAt:
      known === undefined ? (statLinkIfAny(path)?.birthtime ?? context.now()) : new Date(known.completedAt),
    generation: name,
    facts: known?.facts,
    releases: new Map(releases.map(({ suite, date }) => [suite, date])),
  };
}

/** Returns undefined for a user who may not read the state: the configuration is used instead. */
function readState(context: MirrorContext): SyncState | undefined {
  try {
    return context.memory.read();
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM")) throw error;
    context.emit({ type: "sync-facts-unreadable" });
    return undefined;
  }
}
