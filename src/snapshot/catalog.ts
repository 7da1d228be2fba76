import { basename, join } from "node:path";
import type { TreeFacts } from "../contents/index.ts";
import { hasCode } from "../errors.ts";
import type { MirrorLayout } from "../layout.ts";
import { writeDurably } from "../platform/durable-file.ts";
import {
  listDirectory,
  makeDirectory,
  movePath,
  readBytesIfAny,
  removeFile,
  removeTree,
  statLinkIfAny,
  syncDirectory,
} from "../platform/files.ts";
import { flushTrees } from "../platform/flush.ts";
import { freeName, snapshotNameFault } from "../snapshot-name.ts";
import { type CarriedFiles, writeCarried } from "./carried.ts";
import { type CloneMethod, cloneTree } from "./clone-tree.ts";
import { describeTree } from "./description.ts";
import { SnapshotError } from "./errors.ts";
import { removeLeftovers } from "./leftovers.ts";
import { formatMeta, parseMeta, type SnapshotMeta } from "./meta.ts";
import { newestFirst } from "./retention.ts";
import { walkTree } from "./tree.ts";

export interface Snapshot {
  readonly name: string;
  /** Absolute path of its tree. */
  readonly path: string;
  readonly createdAt: Date;
  /** Its record was read from `.meta`. Without one nothing says that mirrorctl made it, and `meta` is worked out. */
  readonly recorded: boolean;
  readonly meta: SnapshotMeta;
}

export interface SnapshotOrigin {
  readonly name: string;
  readonly createdAt: Date;
  readonly generation: string | undefined;
  /** Ids of the keys that signed each suite's Release. */
  readonly signers: ReadonlyMap<string, readonly string[]>;
  readonly facts: TreeFacts | undefined;
}

/** The snapshots of one mirror. Reading takes no lock; whoever changes anything holds the mirror's. */
export interface SnapshotCatalog {
  /** Newest first. */
  list(): readonly Snapshot[];
  find(name: string): Snapshot | undefined;
  /** Those made of one generation of the working mirror, newest first. Reads their records and no tree. */
  ofGeneration(generation: string): readonly Snapshot[];
  /** Like `find`, but a missing one is an error that names those there are. */
  require(name: string): Snapshot;
  /** `wanted`, or with a number where it is taken, also by something that is no snapshot, or was `used` before. */
  freeName(wanted: string, used: Iterable<string>): string;
  create(
    tree: string,
    origin: SnapshotOrigin,
    signal: AbortSignal,
  ): Promise<{ snapshot: Snapshot; how: CloneMethod }>;
  /** Takes the snapshot out of sight in one rename, then removes it. */
  remove(name: string): Promise<void>;
  /** Removes what killed runs left. Answers the names of the snapshots that they were removing. */
  clean(): Promise<readonly string[]>;
}

export function openCatalog(layout: MirrorLayout): SnapshotCatalog {
  const { snapshots, snapshotMeta } = layout;
  const metaPath = (name: string): string => join(snapshotMeta, `${name}.json`);

  const read = (name: string, rebuild: typeof rebuildMeta): Snapshot | undefined => {
    const path = join(snapshots, name);
    const stats = snapshotNameFault(name) === undefined ? statLinkIfAny(path) : undefined;
    if (stats?.isDirectory() !== true) return undefined;
    const text = readBytesIfAny(metaPath(name))?.toString("utf8");
    const record = text === undefined ? undefined : parseMeta(text);
    const meta = record ?? rebuild(path, stats.birthtime);
    return meta && { name, path, createdAt: new Date(meta.createdAt), recorded: record !== undefined, meta };
  };

  const readAll = (rebuild: typeof rebuildMeta): readonly Snapshot[] =>
    listDirectory(snapshots)
      .filter((entry) => entry.isDirectory())
      .map((entry) => read(entry.name, rebuild))
      .filter((snapshot) => snapshot !== undefined)
      .toSorted(newestFirst);

  const find = (name: string): Snapshot | undefined => read(name, rebuildMeta);
  const list = (): readonly Snapshot[] => readAll(rebuildMeta);

  return {
    find,
    list,
    ofGeneration: (generation) =>
      readAll(() => undefined).filter(({ meta }) => meta.generation === generation),
    require: (name) => find(name) ?? failNotFound(layout.id, name, list()),
    freeName: (wanted, used) =>
      freeName(wanted, [...used, ...listDirectory(snapshots).map(({ name }) => name)]),
    async create(tree, origin, signal) {
      assertFree(layout, origin.name);
      makeDirectory(snapshotMeta);
      const draft = join(snapshots, `.${origin.name}.draft`);
      const path = join(snapshots, origin.name);
      await removeTree(draft);
      writeCarried(path, nothingCarried); // what a removed one of that name carried is no record of this one
      try {
        const how = await cloneTree(tree, draft, snapshots, signal);
        const meta = describeSnapshot(draft, origin);
        writeDurably(metaPath(origin.name), formatMeta(meta), 0o644);
        await flushTrees([draft], signal); // whole on disk before it is listed
        movePath(draft, path);
        syncDirectory(snapshots);
        const snapshot = { name: origin.name, path, createdAt: origin.createdAt, recorded: true, meta };
        return { snapshot, how };
      } finally {
        await removeTree(draft); // gone already unless something failed: copies may fill a disk
      }
    },
    async remove(name) {
      const removed = join(snapshots, `.${name}.removed`);
      await removeTree(removed);
      movePath(join(snapshots, name), removed);
      syncDirectory(snapshots); // or a power cut might bring the name back without all of its files
      removeFile(metaPath(name));
      writeCarried(join(snapshots, name), nothingCarried);
      await removeTree(removed);
    },
    clean: () => removeLeftovers(layout),
  };
}

const nothingCarried: CarriedFiles = new Map();

function assertFree(layout: MirrorLayout, name: string): void {
  const fault = snapshotNameFault(name);
  if (fault !== undefined) {
    throw new SnapshotError(
      "SNAPSHOT_NAME_INVALID",
      `${JSON.stringify(name)} cannot be the name of a snapshot: it ${fault}`,
      {
        hint: "Use one word of at most 200 bytes without slash or blank that does not begin with a dot.",
      },
    );
  }
  if (statLinkIfAny(join(layout.snapshots, name)) === undefined) return;
  throw new SnapshotError("SNAPSHOT_EXISTS", `${layout.id} has a snapshot ${name} already`, {
    hint: "Choose another name, or replace it with --force.",
  });
}

function describeSnapshot(tree: string, origin: SnapshotOrigin): SnapshotMeta {
  const { releases, ...counts } = describeTree(tree);
  return {
    format: 1,
    name: origin.name,
    createdAt: origin.createdAt.toISOString(),
    generation: origin.generation,
    ...counts,
    releases: releases.map((release) => ({
      ...release,
      signedBy: [...(origin.signers.get(release.suite) ?? [])],
    })),
    facts: origin.facts,
  };
}

/**
 * When what was known of a snapshot is lost: the tree tells all but the signers. Undefined for a directory that is no
 * repository, that this user may not look into (such as lost+found), or that was removed meanwhile.
 */
function rebuildMeta(path: string, birthTime: Date): SnapshotMeta | undefined {
  try {
    const meta = describeSnapshot(path, {
      name: basename(path),
      createdAt: birthTime, // which cannot be touched(1)
      generation: undefined,
      signers: new Map(),
      facts: undefined,
    });
    // Asked last, when it may be gone: what is described then is a part of it.
    return walkTree(path).some((file) => releaseName.test(file.path)) ? meta : undefined;
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM")) throw error;
    return undefined;
  }
}

/** An upstream that signs nothing has neither InRelease nor Release.gpg. */
const releaseName = /(?:^|\/)(?:In)?Release$/;

function failNotFound(id: string, name: string, known: readonly Snapshot[]): never {
  const names = known.map((snapshot) => snapshot.name);
  throw new SnapshotError("SNAPSHOT_NOT_FOUND", `${id} has no snapshot ${JSON.stringify(name)}`, {
    facts: { snapshots: names },
    hint:
      names.length === 0
        ? `There is none yet: make one with "mirrorctl snapshot create ${id}".`
        : `There ${names.length === 1 ? "is" : "are"} ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}.`,
  });
}
