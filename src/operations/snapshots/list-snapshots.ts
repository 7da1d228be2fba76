import type { PublicName } from "../../publish/index.ts";
import { measureUsage, type SnapshotUsage } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

export interface ListedSnapshot {
  readonly mirror: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly sizeBytes: number;
  readonly status: readonly PublicName[];
  readonly files: number;
  readonly packages: number;
  /** Only on request: it takes a walk over the whole tree. */
  readonly usage: SnapshotUsage | undefined;
}

type ListPorts = Ports<"mirror" | "catalog" | "publisher" | "signal">;

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
  { mirror, catalog, publisher, signal }: ListPorts,
  { detailed }: { readonly detailed: boolean },
): Promise<readonly ListedSnapshot[]> {
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
  for (const { name, path, createdAt, meta } of await catalog.list()) {
    const { sizeBytes, files, packages } = meta;
    const usage = detailed ? await measureUsage(path, signal) : undefined;
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
