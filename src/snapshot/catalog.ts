import { join } from "node:path";
import type { MirrorLayout } from "../layout.ts";
import { makeDirectory, movePath, removeFile, syncDirectory } from "../platform/files.ts";
import { writeDurably } from "../platform/flushing/durable-file.ts";
import { flushTrees } from "../platform/flushing/flush.ts";
import { listDirectory, statLinkIfAny } from "../platform/look.ts";
import { emptyDirectory, removeTree } from "../platform/remove-tree.ts";
import { freeName, snapshotNameFault } from "../snapshot-name.ts";
import { describeSnapshot, isRepository, rebuildMeta, type SnapshotOrigin } from "./describe-snapshot.ts";
import { nameInvalid, nameTaken, notFound } from "./errors.ts";
import { removeLeftovers } from "./leftovers.ts";
import { formatMeta, type SnapshotMeta } from "./records/meta.ts";
import { metaPath, readMeta } from "./records/meta-file.ts";
import { type Pin, readPins, removePin, writePin } from "./records/pins.ts";
import { testRecordPath } from "./records/test-records.ts";
import { newestFirst } from "./retention.ts";
import { type CarriedFiles, writeCarried } from "./trees/carried.ts";
import { type CloneMethod, cloneTree } from "./trees/clone-tree.ts";
import { moveTree } from "./trees/move-tree.ts";

export interface Snapshot {
  readonly name: string;
  /** Absolute path of its tree. */
  readonly path: string;
  readonly createdAt: Date;
  /** True if `meta` was read from `.meta`. If not, it was made from the tree, and mirrorctl may not have made the snapshot. */
  readonly recorded: boolean;
  readonly meta: SnapshotMeta;
}

/** A snapshot at a glance. Without a record its `meta` is empty. */
export type SnapshotGlance = Omit<Snapshot, "meta"> & { readonly meta: Partial<SnapshotMeta> };

/** What happens while a snapshot is removed. */
export interface DuringRemoval {
  /** May move the hidden tree away, and returns whether it did. */
  readonly take?: ((hidden: string) => boolean) | undefined;
  /** Called when the files are gone, and a run that is killed is still seen to have removed the snapshot. */
  readonly emptied?: (() => Promise<void>) | undefined;
}

/** The snapshots of one mirror. Reading takes no lock; an operation that changes anything holds the mirror's. */
export interface SnapshotCatalog {
  /** Newest first. */
  list(): Promise<readonly Snapshot[]>;
  /** Like `list`, but describes no tree. */
  glance(): Promise<readonly SnapshotGlance[]>;
  find(name: string): Promise<Snapshot | undefined>;
  /** Returns those made of one generation of the working mirror, newest first. Reads their records and no tree. */
  ofGeneration(generation: string): readonly Snapshot[];
  /** Like `find`, but throws SnapshotError SNAPSHOT_NOT_FOUND, which names the snapshots that exist. */
  require(name: string): Promise<Snapshot>;
  /** Returns `wanted`, or with a number if that name is used by any file, or was `used` before. */
  freeName(wanted: string, used: Iterable<string>): string;
  /**
   * Makes a snapshot of the files of `tree`. It is listed once it is complete and flushed to disk. `ready` is a hidden tree of
   * the same files, flushed to disk: if it is on the same file system, it becomes the snapshot.
   */
  create(
    tree: string,
    origin: SnapshotOrigin,
    ready?: string,
  ): Promise<{ snapshot: Snapshot; how: CloneMethod }>;
  /** Hides the snapshot in one rename, then removes it. */
  remove(name: string, during?: DuringRemoval): Promise<void>;
  /** Returns the pins of snapshots, by name. */
  pins(): ReadonlyMap<string, Pin>;
  /** Keeps a snapshot from retention, or replaces the note of its pin. */
  pin(name: string, pin: Required<Pin>): void;
  unpin(name: string): void;
  /** Removes what killed runs left. Returns the names of the snapshots that they were removing. */
  clean(): Promise<readonly string[]>;
}

/** `signal` cancels whatever walks over a tree. */
export function openCatalog(layout: MirrorLayout, signal: AbortSignal): SnapshotCatalog {
  const { snapshots, snapshotMeta, snapshotTests, pins } = layout;
  const findDirectory = (name: string) => {
    const path = join(snapshots, name);
    const stats = snapshotNameFault(name) === undefined ? statLinkIfAny(path) : undefined;
    return stats?.isDirectory() === true ? { path, birthTime: stats.birthtime } : undefined;
  };

  const readRecorded = (name: string): Snapshot | undefined => {
    const directory = findDirectory(name);
    const meta = directory && readMeta(snapshotMeta, name);
    return meta && { name, path: directory.path, createdAt: new Date(meta.createdAt), recorded: true, meta };
  };

  const find = async (name: string): Promise<Snapshot | undefined> => {
    const recorded = readRecorded(name);
    const directory = recorded === undefined ? findDirectory(name) : undefined;
    if (directory === undefined) return recorded;
    const { path, birthTime } = directory;
    const meta = await rebuildMeta(path, birthTime, signal);
    return meta && { name, path, createdAt: new Date(meta.createdAt), recorded: false, meta };
  };

  const findAtAGlance = async (name: string): Promise<SnapshotGlance | undefined> => {
    const recorded = readRecorded(name);
    const directory = recorded === undefined ? findDirectory(name) : undefined;
    if (directory === undefined) return recorded;
    const { path, birthTime } = directory;
    if (!(await isRepository(path, signal))) return undefined;
    return { name, path, createdAt: birthTime, recorded: false, meta: {} };
  };

  const directoryNames = (): readonly string[] =>
    listDirectory(snapshots)
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

  const each = async <Found extends SnapshotGlance>(
    read: (name: string) => Promise<Found | undefined>,
  ): Promise<readonly Found[]> => {
    const found: Found[] = [];
    for (const name of directoryNames()) {
      const snapshot = await read(name);
      if (snapshot !== undefined) found.push(snapshot);
    }
    return found.toSorted(newestFirst);
  };

  const list = (): Promise<readonly Snapshot[]> => each(find);

  return {
    find,
    list,
    glance: () => each(findAtAGlance),
    ofGeneration: (generation) =>
      directoryNames()
        .flatMap((name) => readRecorded(name) ?? [])
        .filter(({ meta }) => meta.generation === generation)
        .toSorted(newestFirst),
    async require(name) {
      const snapshot = await find(name);
      if (snapshot !== undefined) return snapshot;
      const known = (await list()).map((one) => one.name);
      throw notFound(layout.id, name, known);
    },
    freeName: (wanted, used) =>
      freeName(wanted, [...used, ...listDirectory(snapshots).map(({ name }) => name)]),
    async create(tree, origin, ready) {
      const { name, createdAt } = origin;
      assertFree(layout, name);
      makeDirectory(snapshotMeta);
      const draft = join(snapshots, `.${name}.draft`);
      const aside = join(snapshots, `.${name}.ready.draft`);
      const path = join(snapshots, name);
      for (const left of [draft, aside]) await removeTree(left);
      writeCarried(path, nothingCarried); // the record of a removed snapshot of that name
      removePin(pins, name);
      try {
        const isReady = ready !== undefined && moveTree(ready, { aside, target: draft });
        const how = isReady ? "linked" : await cloneTree(tree, draft, snapshots, signal);
        const meta = await describeSnapshot(draft, origin, signal);
        writeDurably(metaPath(snapshotMeta, name), formatMeta(meta), 0o644);
        await flushTrees([draft], signal); // before it is listed
        if (origin.pin !== undefined) writePin(pins, name, origin.pin);
        movePath(draft, path);
        syncDirectory(snapshots);
        return { snapshot: { name, path, createdAt, recorded: true, meta }, how };
      } finally {
        for (const left of [draft, aside]) await removeTree(left); // only if something failed: copies may fill a disk
      }
    },
    async remove(name, { take, emptied } = {}) {
      const removed = join(snapshots, `.${name}.removed`);
      await removeTree(removed);
      movePath(join(snapshots, name), removed);
      syncDirectory(snapshots); // or after a power cut the name might be back without all of its files
      removeFile(metaPath(snapshotMeta, name));
      removeFile(testRecordPath(snapshotTests, name));
      writeCarried(join(snapshots, name), nothingCarried);
      removePin(pins, name);
      if (take?.(removed) === true) return;
      await emptyDirectory(removed);
      await emptied?.();
      await removeTree(removed);
    },
    pins: () => readPins(pins),
    pin: (name, pin) => writePin(pins, name, pin),
    unpin: (name) => removePin(pins, name),
    clean: () => removeLeftovers(layout),
  };
}

const nothingCarried: CarriedFiles = new Map();

function assertFree({ id, snapshots }: MirrorLayout, name: string): void {
  const fault = snapshotNameFault(name);
  if (fault !== undefined) throw nameInvalid(name, fault);
  if (statLinkIfAny(join(snapshots, name)) !== undefined) throw nameTaken(id, name);
}
