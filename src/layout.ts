/** Every path on disk. Only this file spells these paths; it does path arithmetic only. */
import { basename, dirname, join } from "node:path";
import type { Sha256 } from "./repository/index.ts";

export interface StoreLayout {
  readonly dir: string;
  /** The directory of mirrorctl's own files below `dir`. */
  readonly own: string;
  readonly objects: string;
  /** The state of syncs and the history; only the owner may read it. */
  readonly state: string;
  readonly history: string;
  /** What was read in .debs; may be lost. */
  readonly changelogs: string;
  /** What was reported, and what still has to be sent. */
  readonly outbox: string;
  /** Held while that file changes. */
  readonly outboxLock: string;
}

export interface MirrorLayout extends StoreLayout {
  readonly id: string;
  /** The public directory of the mirror: `<dir>/<id>`. */
  readonly root: string;
  /** The link to the working mirror; swapped in one rename. */
  readonly live: string;
  readonly staging: string;
  readonly production: string;
  readonly trees: string;
  readonly partial: string;
  /** Held while the working mirror changes, such as during a whole sync. */
  readonly workingLock: string;
  /** Held while snapshots and public links change, and no longer. */
  readonly snapshotsLock: string;
  /** The locks of exports have names that begin like this. */
  readonly exportLocks: string;
  readonly syncState: string;
  /** Names a generation that is known to have damaged files. */
  readonly damageMark: string;
  /** Says when the mirror first had the bytes of each file. */
  readonly firstSeen: string;
  /** Exists while a sync runs that may leave objects without a tree. */
  readonly unsweptMark: string;
  /** What was found about the installability of packages; saves time only. */
  readonly installability: string;
  readonly snapshots: string;
  readonly snapshotMeta: string;
  /** The results of gates. */
  readonly snapshotTests: string;
  /** How the generations differ that snapshots were made of. */
  readonly differences: string;
  /** The snapshots that somebody keeps. */
  readonly pins: string;
}

/** The name of the directory of mirrorctl's own files in `dir`. */
export const ownDirectoryName = ".mirrorctl";

export function storeLayout(dir: string): StoreLayout {
  const own = join(dir, ownDirectoryName);
  const state = join(own, "state");
  return {
    dir,
    own,
    objects: join(own, "objects", "sha256"),
    state,
    history: join(state, "history.db"),
    changelogs: join(state, "changelogs"),
    outbox: join(state, "notifications", "outbox.json"),
    outboxLock: join(state, "notifications", "outbox.lock"),
  };
}

export function mirrorLayout(
  dir: string,
  mirror: {
    readonly id: string;
    readonly snapshot: { readonly path: string };
    readonly publish: { readonly staging: string; readonly production: string };
  },
): MirrorLayout {
  const store = storeLayout(dir);
  const root = join(dir, mirror.id);
  const snapshots = join(mirror.snapshot.path, mirror.id);
  return {
    ...store,
    id: mirror.id,
    root,
    live: join(root, ".live"),
    staging: join(root, mirror.publish.staging),
    production: join(root, mirror.publish.production),
    trees: join(store.own, "trees", mirror.id),
    partial: join(store.own, "partial", mirror.id),
    workingLock: join(store.own, "locks", `${mirror.id}.lock`),
    snapshotsLock: join(store.own, "locks", `${mirror.id}.snapshots.lock`),
    exportLocks: join(store.own, "locks", `${mirror.id}.export`),
    syncState: join(store.state, `${mirror.id}.json`),
    damageMark: join(store.state, `${mirror.id}.damaged`),
    firstSeen: join(store.state, `${mirror.id}.first-seen`),
    unsweptMark: join(store.state, `${mirror.id}.unswept`),
    installability: join(store.state, `${mirror.id}.installability`),
    snapshots,
    snapshotMeta: join(snapshots, metaDirectory),
    snapshotTests: join(snapshots, ".tests"),
    differences: join(snapshots, ".differences"),
    pins: join(snapshots, ".pins"),
  };
}

/**
 * Returns the record of the files that a tree (a snapshot or a generation) carries. It is beside the tree, because it
 * is not part of it.
 */
export function carriedRecordOf(tree: string): string {
  return join(dirname(tree), carriedDirectory, `${basename(tree)}.json`);
}

/** Returns the directory of the records of snapshots, beside the tree of one. */
export const metaDirectoryOf = (tree: string): string => join(dirname(tree), metaDirectory);

/** Among the snapshots of a mirror. */
const metaDirectory = ".meta";

/** A directory among the snapshots and among the generations of one mirror; no tree can have this name. */
export const carriedDirectory = ".carried";

/**
 * A directory among the snapshots and among the generations of one mirror, which is removed like the drafts of killed
 * runs.
 */
export const mendingDirectory = ".mended.draft";

/** Not by path.join(), which allocates a kilobyte for each path: a first sync asks for some of each file. */
export const objectPath = (objects: string, sha256: Sha256): string =>
  `${objectShard(objects, sha256)}/${sha256}`;

/** Returns the directory of an object. */
export const objectShard = (objects: string, sha256: Sha256): string => `${objects}/${shardName(sha256)}`;

/** Returns its name. */
export const shardName = (sha256: string): string => sha256.slice(0, 2);
