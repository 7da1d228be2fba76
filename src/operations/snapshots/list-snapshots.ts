import { measureUsage, type SnapshotUsage } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";

export interface ListedSnapshot {
  readonly mirror: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly sizeBytes: number;
  readonly status: readonly ("staging" | "production")[];
  readonly files: number;
  readonly packages: number;
  /** Only where it was asked for: the whole tree is looked at. */
  readonly usage: SnapshotUsage | undefined;
}

/** Snapshots newest first, mirror by mirror. Takes no lock and writes nothing. */
export function listSnapshots(
  contexts: readonly MirrorContext[],
  options: { readonly detailed: boolean },
): readonly ListedSnapshot[] {
  return contexts.flatMap((context) => {
    const links = (["staging", "production"] as const).map((link) => ({
      link,
      target: context.links.read(link),
    }));
    return context.catalog.list().map(({ name, path, createdAt, meta }) => ({
      mirror: context.mirror.id,
      name,
      createdAt,
      sizeBytes: meta.sizeBytes,
      status: links
        .filter(({ target }) => target.kind === "snapshot" && target.name === name)
        .map(({ link }) => link),
      files: meta.files,
      packages: meta.packages,
      usage: options.detailed ? measureUsage(path) : undefined,
    }));
  });
}
