import type { PublicName } from "../../publish/index.ts";
import { measureUsage, type Pin, type SnapshotUsage } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { treesOf } from "./trees-of.ts";

export interface ListedSnapshot {
  readonly mirror: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly sizeBytes: number;
  readonly status: readonly PublicName[];
  /** Set if somebody keeps it. */
  readonly pin: Pin | undefined;
  readonly files: number;
  readonly packages: number;
  /** Only on request: without records of what syncs changed, it takes a walk over the whole tree. */
  readonly usage: SnapshotUsage | undefined;
}

type ListPorts = Ports<"mirror" | "layout" | "catalog" | "publisher" | "working" | "signal">;

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
  const { mirror, layout, catalog, publisher, signal } = ports;
  signal.throwIfAborted();
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
  const pins = catalog.pins();
  const trees = treesOf(ports, snapshots);
  for (const snapshot of snapshots) {
    const { name, createdAt, meta } = snapshot;
    const { sizeBytes, files, packages } = meta;
    const usage = detailed ? await measureUsage(layout, snapshot, trees, signal) : undefined;
    listed.push({
      mirror: mirror.id,
      name,
      createdAt,
      sizeBytes,
      status: statusOf(name),
      pin: pins.get(name),
      files,
      packages,
      usage,
    });
  }
  return listed;
}
