import { join } from "node:path";
import { type Config, isMirrorId } from "../../config/index.ts";
import { hasCode } from "../../errors.ts";
import { storeLayout } from "../../layout.ts";
import { listDirectory, statLinkIfAny } from "../../platform/look.ts";
import type { SnapshotGlance } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { readState } from "./read-state.ts";

/** A mirror on disk that is not in the configuration. */
export interface LeftoverMirror {
  readonly mirror: string;
  readonly configured: false;
  readonly snapshots: number;
  /** The size of its largest tree. Trees share files: together they are as large as this, or larger. */
  readonly sizeBytesAtLeast: number | undefined;
  /** Everything that mirrorctl made for this mirror only and that this user can see. Public paths come first. */
  readonly paths: readonly string[];
}

type Remains = Ports<"layout" | "catalog" | "memory">;

export interface LeftoverPorts {
  readonly config: Config;
  /** Opens what is on disk of a mirror that is not configured. */
  readonly unconfigured: (id: string, snapshotPath: string) => Remains;
}

/** Takes no lock, writes nothing and walks no tree. */
export async function findLeftovers({
  config,
  unconfigured,
}: LeftoverPorts): Promise<readonly LeftoverMirror[]> {
  const { dir, own } = storeLayout(config.dir);
  const snapshotPaths = [
    ...new Set([...config.mirrors.map(({ snapshot }) => snapshot.path), join(dir, ".snapshots")]),
  ];
  const configured = new Set(config.mirrors.map(({ id }) => id));
  const ids = [
    ...new Set([...directoriesIn(join(own, "trees")), ...snapshotPaths.flatMap(mirrorsWithRecords)]),
  ];
  const leftovers: LeftoverMirror[] = [];
  for (const id of ids.filter((one) => isMirrorId(one) && !configured.has(one)).toSorted()) {
    const remains = snapshotPaths.map((path) => unconfigured(id, path));
    leftovers.push(await describe(id, remains));
  }
  return leftovers;
}

const directoriesIn = (path: string): readonly string[] =>
  orNothing(() => listDirectory(path))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name);

/** mirrorctl may not have made a directory without records. */
const mirrorsWithRecords = (snapshotPath: string): readonly string[] =>
  directoriesIn(snapshotPath).filter((id) => isThere(join(snapshotPath, id, ".meta")));

async function describe(id: string, remains: readonly Remains[]): Promise<LeftoverMirror> {
  const snapshots: SnapshotGlance[] = [];
  for (const { catalog } of remains) snapshots.push(...(await listIfAllowed(catalog)));
  const sizes = [
    ...snapshots.map(({ meta }) => meta.sizeBytes),
    ...remains.map((place) => readState(place)?.counts?.sizeBytes),
  ].filter((size) => size !== undefined);
  const paths = remains.flatMap(({ layout }) => [
    ...(isThere(layout.live) ? [layout.root] : []),
    ...(isThere(layout.snapshotMeta) ? [layout.snapshots] : []),
    layout.trees,
    layout.partial,
    layout.syncState,
    layout.damageMark,
    layout.firstSeen,
    layout.unsweptMark,
    ...[layout.workingLock, layout.snapshotsLock].flatMap((lock) => [lock, `${lock}.holder`]),
  ]);
  return {
    mirror: id,
    configured: false,
    snapshots: snapshots.length,
    sizeBytesAtLeast: sizes.length === 0 ? undefined : Math.max(...sizes),
    paths: [...new Set(paths)].filter(isThere),
  };
}

const isThere = (path: string): boolean =>
  orNothing(() => [statLinkIfAny(path)]).some((stats) => stats !== undefined);

async function listIfAllowed(catalog: Remains["catalog"]): Promise<readonly SnapshotGlance[]> {
  try {
    return await catalog.glance();
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM")) throw error;
    return [];
  }
}

/** Leaves out what this user must not read. */
function orNothing<Value>(read: () => readonly Value[]): readonly Value[] {
  try {
    return read();
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM")) throw error;
    return [];
  }
}
