import type { PublicName } from "../../publish/index.ts";
import { areLinked, measureUsage, type Snapshot, type SnapshotUsage } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

export interface ListedSnapshot {
  readonly mirror: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly sizeBytes: number;
  readonly status: readonly PublicName[];
  readonly files: number;
  readonly packages: number;
  /** Only on request: it may take a walk over the whole tree. */
  readonly usage: SnapshotUsage | undefined;
}

type ListPorts = Ports<"mirror" | "catalog" | "publisher" | "working" | "signal">;

/** Returns the snapshots of each mirror in turn, newest first. Takes no lock and writes nothing. */
export async function listSnapshots(
  mirrors: readonly ListPorts[],
  options: { readonly detailed: boolean },
): Promise<readonly ListedSnapshot[]> {
  const listed: ListedSnapshot[] = [];
  for (const ports of mirrors) listed.push(...(await listOf(ports, options)));
  return listed;
}

async function listOf(
  ports: ListPorts,
  { detailed }: { readonly detailed: boolean },
): Promise<readonly ListedSnapshot[]> {
  const { mirror, catalog, publisher } = ports;
  ports.signal.throwIfAborted();
  const shown = {
    staging: await publisher.read("staging"),
    production: await publisher.read("production"),
  };
  const statusOf = (name: string): readonly PublicName[] =>
    (["staging", "production"] as const).filter((publicName) => {
      const { [publicName]: one } = shown;
      return one.kind === "snapshot" && one.name === name;
    });
  const listed: ListedSnapshot[] = [];
  const snapshots = await catalog.list();
  for (const snapshot of snapshots) {
    const { name, createdAt, meta } = snapshot;
    const { sizeBytes, files, packages } = meta;
    const usage = detailed ? await usageOf(ports, snapshot, snapshots) : undefined;
    listed.push({
      mirror: mirror.id,
      name,
      createdAt,
      sizeBytes,
      status: statusOf(name),
      files,
      packages,
      usage,
    });
  }
  return listed;
}

/** A snapshot whose generation has another tree shares everything with it, and is not walked. */
async function usageOf(
  { working, signal }: Ports<"working" | "signal">,
  { path, meta }: Snapshot,
  snapshots: readonly Snapshot[],
): Promise<SnapshotUsage> {
  const { generation, sizeBytes } = meta;
  const trees = [
    ...working.generations().map((tree) => ({ path: tree.path, of: tree.name })),
    ...snapshots.map((tree) => ({ path: tree.path, of: tree.meta.generation })),
  ];
  const isShared = trees.some(
    (tree) =>
      generation !== undefined && tree.of === generation && tree.path !== path && areLinked(path, tree.path),
  );
  return isShared ? { uniqueBytes: 0, sharedBytes: sizeBytes } : await measureUsage(path, signal);
}
