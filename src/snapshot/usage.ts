import type { MirrorLayout } from "../layout.ts";
import { paced } from "../platform/flow/paced.ts";
import { statLinkIfAny } from "../platform/look.ts";
import type { Sha256 } from "../repository/index.ts";
import { type GenerationDifference, stepsFrom } from "./differences.ts";
import type { SnapshotMeta } from "./records/meta.ts";
import { type CarriedFiles, readCarried } from "./trees/carried.ts";
import { walkOwnInGroups, walkPaths } from "./trees/tree.ts";

/** How many of a snapshot's bytes would be freed with it, and how many it shares with other trees. */
export interface SnapshotUsage {
  readonly uniqueBytes: number;
  readonly sharedBytes: number;
}

/** Trees of a mirror: snapshots, and generations of the working mirror. The measured tree may be among them. */
export class TreesByGeneration {
  /** A file that two of them share. Most others have it too, which saves walks to another one. */
  sharedFile: string | undefined;
  readonly #paths = new Map<string | undefined, string[]>();

  constructor(trees: readonly { readonly path: string; readonly generation: string | undefined }[]) {
    for (const { path, generation } of trees)
      this.#paths.getOrInsertComputed(generation, () => []).push(path);
  }

  /** Returns the path of a tree with the files of this generation, apart from one. */
  otherThan(path: string, generation: string): string | undefined {
    return this.#paths.get(generation)?.find((each) => each !== path);
  }
}

/** The parts of a snapshot that are known without a walk, if there is a record of it. */
export interface MeasuredTree {
  readonly path: string;
  readonly meta: Partial<Pick<SnapshotMeta, "generation" | "sizeBytes" | "repaired">>;
}

/**
 * Measures a snapshot as it is on the disk now. A file is only the snapshot's own if all the names that the kernel counts
 * for it are in this tree, except the one in the store. Only files that the next tree of the mirror lacks can be: if the
 * syncs between the two have recorded what changed, nothing else is looked at.
 */
export async function measureUsage(
  layout: MirrorLayout,
  snapshot: MeasuredTree,
  trees: TreesByGeneration,
  signal: AbortSignal,
): Promise<SnapshotUsage> {
  const { path } = snapshot;
  const recorded = await measureByRecords(layout, snapshot, trees, signal);
  return recorded ?? (await measureFiles(path, walkOwnInGroups(path), signal));
}

/** Like `measureUsage`, but walks over no tree: returns undefined if syncs have not recorded enough. */
export async function measureByRecords(
  layout: MirrorLayout,
  snapshot: MeasuredTree,
  trees: TreesByGeneration,
  signal: AbortSignal,
): Promise<SnapshotUsage | undefined> {
  const { path, meta } = snapshot;
  const carried = readCarried(path);
  const steps = stepsToNext(layout, snapshot, trees, carried);
  if (steps === undefined || meta.sizeBytes === undefined) return undefined;
  const suspects = new Set(steps.differences.flatMap(({ gone }) => gone));
  const own = [...suspects].filter((each) => !carried.has(each));
  const { uniqueBytes } = await measureFiles(path, [own], signal);
  return { uniqueBytes, sharedBytes: meta.sizeBytes - uniqueBytes };
}

/** The objects of which a snapshot may hold the last name but that in the store. */
export interface HeldObjects {
  readonly objects: ReadonlySet<Sha256>;
  /** False if the tree that has all other files of the snapshot is no longer there, or is becoming another one. */
  readonly areAll: () => boolean;
}

/**
 * Returns undefined if any object may be one that only this snapshot holds. What it carries comes from trees that may be
 * gone. Another lock than that of snapshots keeps the working mirror, so a sync may give files up until these are gone here.
 */
export function objectsHeldBy(
  layout: MirrorLayout,
  snapshot: MeasuredTree,
  trees: TreesByGeneration,
): HeldObjects | undefined {
  const carried = readCarried(snapshot.path);
  const steps = carried.size === 0 ? stepsToNext(layout, snapshot, trees, carried) : undefined;
  const objects = steps?.differences.map(({ goneObjects }) => goneObjects);
  if (steps === undefined || objects?.includes(undefined) !== false) return undefined;
  return {
    objects: new Set(objects.flatMap((some) => some ?? [])),
    areAll: () => statLinkIfAny(steps.next) !== undefined,
  };
}

interface StepsToNext {
  /** The path of that tree. */
  readonly next: string;
  readonly differences: readonly GenerationDifference[];
}

/** Returns what syncs changed until the next tree of the mirror that shares files with this one, if that is known. */
function stepsToNext(
  layout: MirrorLayout,
  { path, meta: { generation, repaired } }: MeasuredTree,
  trees: TreesByGeneration,
  carried: CarriedFiles,
): StepsToNext | undefined {
  if (generation === undefined || repaired === true) return undefined;
  const otherOf = (one: string): string | undefined => trees.otherThan(path, one);
  const isKnown = (one: string): boolean => otherOf(one) !== undefined;
  const steps = isKnown(generation)
    ? { to: generation, differences: [] }
    : stepsFrom(layout, generation, isKnown);
  const next = steps && otherOf(steps.to);
  if (steps === undefined || next === undefined) return undefined;
  const others = new Set([...carried.keys(), ...steps.differences.flatMap(({ gone }) => gone)]);
  return isLinked(path, next, others, trees) ? { next, differences: steps.differences } : undefined;
}

/**
 * Returns whether a tree shares with the next one what that has too: any file but `others`. A tree is made by links or by
 * copies, so one file tells: only a file with as many names as the file system allows is an exception.
 */
function isLinked(
  tree: string,
  next: string,
  others: ReadonlySet<string>,
  trees: TreesByGeneration,
): boolean {
  const { sharedFile } = trees;
  const hasIt = sharedFile !== undefined && statLinkIfAny(`${tree}/${sharedFile}`)?.isFile() === true;
  const path =
    hasIt && !others.has(sharedFile) ? sharedFile : walkPaths(tree).find((each) => !others.has(each));
  if (path === undefined) return false;
  const [a, b] = [tree, next].map((root) => statLinkIfAny(`${root}/${path}`));
  if (a === undefined || a.ino !== b?.ino || a.dev !== b.dev) return false;
  trees.sharedFile = path;
  return true;
}

async function measureFiles(
  root: string,
  groups: Iterable<readonly string[]>,
  signal: AbortSignal,
): Promise<SnapshotUsage> {
  const files = new Map<number, { names: number; links: number; sizeBytes: number }>();
  const count = (path: string): void => {
    const stats = statLinkIfAny(`${root}/${path}`);
    const file = stats && files.get(stats.ino);
    if (file !== undefined) file.names++;
    else if (stats) files.set(stats.ino, { names: 1, links: stats.nlink, sizeBytes: stats.size });
  };
  for await (const paths of paced(groups, signal, groupsPerTurn)) paths.forEach(count);
  let uniqueBytes = 0;
  let sharedBytes = 0;
  for (const { names, links, sizeBytes } of files.values()) {
    if (links <= names + 1) uniqueBytes += sizeBytes;
    else sharedBytes += sizeBytes;
  }
  return { uniqueBytes, sharedBytes };
}

/** Most groups are directories of a few files. */
const groupsPerTurn = 50;
