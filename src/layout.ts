/** Where everything stands on disk. The one place that spells these paths; path arithmetic only. */
import { basename, dirname, join } from "node:path";
import type { Sha256 } from "./repository/index.ts";

export interface StoreLayout {
  readonly dir: string;
  /** Everything of mirrorctl's own below `dir`. */
  readonly own: string;
  readonly objects: string;
  /** Owner-only: what runs remember, and the history. */
  readonly state: string;
  readonly history: string;
}

export interface MirrorLayout extends StoreLayout {
  readonly id: string;
  /** What clients see of the mirror: `<dir>/<id>`. */
  readonly root: string;
  /** The link through which the working mirror is seen; swapped in one rename. */
  readonly live: string;
  readonly staging: string;
  readonly production: string;
  readonly trees: string;
  readonly partial: string;
  /** Held while the working mirror changes: by a sync, for as long as that takes. */
  readonly workingLock: string;
  /** Held while snapshots and public links change: never for longer than that takes. */
  readonly snapshotsLock: string;
  readonly syncState: string;
  /** Names a generation that is known to have damaged files. */
  readonly damageMark: string;
  readonly snapshots: string;
  readonly snapshotMeta: string;
}

/** What everything of mirrorctl's own is below, in `dir`. */
export const ownDirectoryName = ".mirrorctl";

export function storeLayout(dir: string): StoreLayout {
  const own = join(dir, ownDirectoryName);
  const state = join(own, "state");
  return { dir, own, objects: join(own, "objects", "sha256"), state, history: join(state, "history.db") };
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
    syncState: join(store.state, `${mirror.id}.json`),
    damageMark: join(store.state, `${mirror.id}.damaged`),
    snapshots,
    snapshotMeta: join(snapshots, ".meta"),
  };
}

/** What a tree, a snapshot or a generation, shows beside its own files. Beside it, since it is no part of it. */
export function carriedRecordOf(tree: string): string {
  return join(dirname(tree), carriedDirectory, `${basename(tree)}.json`);
}

/** Among the snapshots, and among the generations, of one mirror: a name that none of them can have. */
export const carriedDirectory = ".carried";

/** Among the snapshots, and among the generations, of one mirror: removed with the drafts of killed runs. */
export const mendingDirectory = ".mended.draft";

export function objectPath(objects: string, sha256: Sha256): string {
  return join(objects, sha256.slice(0, 2), sha256);
}
