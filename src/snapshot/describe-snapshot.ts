import { basename, join } from "node:path";
import type { TreeFacts } from "../contents/index.ts";
import { hasCode, MirrorctlError } from "../errors.ts";
import { digestIndices, type IndexDigests } from "../plan/index.ts";
import { paced } from "../platform/flow/paced.ts";
import { listDirectory } from "../platform/look.ts";
import { Suite } from "../repository/index.ts";
import type { SnapshotMeta } from "./records/meta.ts";
import type { Pin } from "./records/pins.ts";
import {
  describeSuites,
  describeTree,
  readSuiteRelease,
  type TreeCounts,
  type TreeDescription,
} from "./trees/description.ts";

/** What a tree does not say about the snapshot that is made of it. */
export interface SnapshotOrigin {
  readonly name: string;
  readonly createdAt: Date;
  readonly generation: string | undefined;
  /** Of each suite of the tree, the ids of the keys that signed its Release. */
  readonly signers: ReadonlyMap<string, readonly string[]>;
  /** Undefined if they have to be counted. */
  readonly counts: TreeCounts | undefined;
  readonly facts: TreeFacts | undefined;
  /** With it, the snapshot is pinned before it is listed. */
  readonly pin?: Required<Pin>;
}

/** Returns the record of the snapshot at `tree`. Walks the tree if nobody has counted its files. */
export async function describeSnapshot(
  tree: string,
  { name, createdAt, generation, signers, facts, counts: known }: SnapshotOrigin,
  signal: AbortSignal,
): Promise<SnapshotMeta> {
  const description: TreeDescription =
    known === undefined
      ? await describeTree(tree, signal)
      : { ...known, releases: describeSuites(tree, signers.keys()) };
  const { releases, ...counts } = description;
  return {
    format: 1,
    name,
    createdAt: createdAt.toISOString(),
    generation,
    ...counts,
    releases: releases.map((release) => ({ ...release, signedBy: [...(signers.get(release.suite) ?? [])] })),
    facts,
    indexDigests: facts && digestSuites(tree, facts),
  };
}

/** Leaves out suites whose Release cannot be read, or lists what its sync did not expect. */
function digestSuites(tree: string, facts: TreeFacts): Record<string, IndexDigests> {
  const digests: Record<string, IndexDigests> = {};
  for (const suite of facts.suites) {
    try {
      const release = readSuiteRelease(tree, suite);
      if (release !== undefined)
        digests[suite] = digestIndices({ suite: new Suite(suite), release, selection: facts });
    } catch (error) {
      if (!(error instanceof MirrorctlError)) throw error;
    }
  }
  return digests;
}

/**
 * Makes a lost record again from the tree, which says everything except the signers. Undefined for a directory that is not
 * a repository, that this user must not read (such as lost+found), or that was removed meanwhile.
 */
export async function rebuildMeta(
  path: string,
  birthTime: Date,
  signal: AbortSignal,
): Promise<SnapshotMeta | undefined> {
  const origin: SnapshotOrigin = {
    name: basename(path),
    createdAt: birthTime, // touch(1) cannot change it
    generation: undefined,
    signers: new Map(),
    facts: undefined,
    counts: undefined,
  };
  try {
    const meta = await describeSnapshot(path, origin, signal);
    // Looked for last: if the tree was removed meanwhile, `meta` describes a part of it.
    return (await isRepository(path, signal)) ? meta : undefined;
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM")) throw error;
    return undefined;
  }
}

/**
 * Looks for a Release, level by level: the suites of a tree are near its top, its packages are not. Returns false for a
 * directory that this user must not read.
 */
export async function isRepository(path: string, signal: AbortSignal): Promise<boolean> {
  try {
    for (let level = [path]; level.length > 0; ) {
      const below: string[] = [];
      for await (const directory of paced(level, signal)) {
        for (const entry of listDirectory(directory)) {
          if (entry.isFile() && releaseName.test(entry.name)) return true;
          if (entry.isDirectory()) below.push(join(directory, entry.name));
        }
      }
      level = below;
    }
    return false;
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM")) throw error;
    return false;
  }
}

/** An upstream that signs nothing has neither InRelease nor Release.gpg. */
const releaseName = /^(?:In)?Release$/;
