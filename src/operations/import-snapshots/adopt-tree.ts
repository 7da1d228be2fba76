import { contentsOf, type Snapshot } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { endRemovals } from "../snapshots/index.ts";
import type { TreeApart } from "../sync/index.ts";

/** A prune may hold the lock for some seconds, and must not fail an import that took hours. */
const waitForSnapshotsMs = 90_000;

interface Origin {
  readonly name: string;
  readonly createdAt: Date;
  readonly from: string;
}

/** Makes the tree a snapshot that a prune keeps. It is not staged: what it holds is of the past. */
export async function adoptTree(
  context: MirrorContext,
  { path, signers, facts, counts }: TreeApart,
  { name, createdAt, from }: Origin,
): Promise<Snapshot> {
  const { catalog, emit, now, who } = context;
  using _snapshots = await context.lockSnapshots("snapshot import", waitForSnapshotsMs);
  await endRemovals(context);
  emit({ type: "snapshot-creating", name });
  const pin = { at: now(), by: who, note: `imported from ${from}` };
  const origin = { name, createdAt, generation: undefined, signers, facts, counts, pin };
  const { snapshot, how } = await catalog.create(path, origin, path);
  const { packages, sizeBytes } = snapshot.meta;
  emit({ type: "snapshot-created", name, how, sizeBytes });
  const contents = contentsOf(snapshot.meta);
  const details = { kind: "created", packages, sizeBytes, contents, directory: from } as const;
  await context.record({ action: "create", result: "done", to: name, details });
  return snapshot;
}
