import { SnapshotError } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { findTree, type OpenedTree, openFoundTree, requireStaged } from "../trees/index.ts";

/** A tree from which machines install. */
export interface MachineTree extends OpenedTree {
  readonly mirror: string;
  /** Of the snapshot, or "(working mirror)". */
  readonly name: string;
  /** Throws if the tree was removed or replaced since it was opened. */
  assertUnchanged(): void;
}

/** Opens the snapshot of this name, or the staged one. */
export async function openSnapshot(context: MirrorContext, name: string | undefined): Promise<MachineTree> {
  return await openTree(context, name ?? (await requireStaged(context)).name);
}

/** Opens what production shows. */
export async function openProduction(context: MirrorContext): Promise<MachineTree> {
  const { publisher, mirror } = context;
  const { kind } = await publisher.read("production");
  if (kind === "snapshot" || kind === "working-mirror") return await openTree(context, "production");
  throw new SnapshotError("NOTHING_IN_PRODUCTION", `${mirror.id} has no snapshot in production`, {
    hint: `Promote one first: mirrorctl snapshot promote ${mirror.id}`,
  });
}

async function openTree(context: MirrorContext, wanted: string): Promise<MachineTree> {
  const hint = `Name a snapshot: mirrorctl snapshot installable ${context.mirror.id} --snapshot NAME`;
  const found = await findTree(context, wanted, { verb: "checked", hint });
  return {
    mirror: context.mirror.id,
    name: found.name,
    assertUnchanged: () => found.assertUnchanged(),
    ...openFoundTree(context, found),
  };
}
