import { formatGoTime } from "../config/index.ts";
import type { Generation } from "../publish/index.ts";
import { type Snapshot, SnapshotError } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";
import { deleteUnlocked } from "./delete-snapshots.ts";
import { pointStaging } from "./stage-snapshot.ts";

export interface CreateOptions {
  /** Unset: the time of now in the configured layout. */
  readonly name?: string | undefined;
  /** Point staging to it. */
  readonly stage: boolean;
  /** Replace a snapshot of the same name, unless it is in production. */
  readonly force: boolean;
}

/** Freezes the working mirror as a snapshot. */
export async function createSnapshot(context: MirrorContext, options: CreateOptions): Promise<Snapshot> {
  using _lock = context.lock("snapshot create");
  return createUnlocked(context, options);
}

/** For a caller that holds the mirror's lock. */
export async function createUnlocked(context: MirrorContext, options: CreateOptions): Promise<Snapshot> {
  const generation = context.working.current();
  if (generation === undefined) {
    throw new SnapshotError("NOTHING_SYNCED", `${context.mirror.id} has nothing to make a snapshot of yet`, {
      hint: `Bring it first: mirrorctl sync ${context.mirror.id}`,
    });
  }
  const name = options.name ?? formatGoTime(context.mirror.snapshot.nameFormat, context.now());
  const held = context.catalog.find(name);
  if (held !== undefined && held.meta.generation === generation.name) {
    context.emit({ type: "snapshot-already-there", name });
    if (options.stage) pointStaging(context, held);
    return held;
  }
  const snapshot =
    held !== undefined && options.force
      ? await replaceSnapshot(context, held, generation)
      : await freezeGeneration(context, generation, name);
  if (options.stage) pointStaging(context, snapshot);
  return snapshot;
}

/** A new snapshot of one generation of the working mirror. */
async function freezeGeneration(
  context: MirrorContext,
  generation: Generation,
  name: string,
): Promise<Snapshot> {
  context.emit({ type: "snapshot-creating", name });
  await context.catalog.clean();
  const origin = {
    name,
    createdAt: context.now(),
    generation: generation.name,
    signers: signersOf(context, generation),
  };
  const { snapshot, how } = await context.catalog.create(generation.path, origin, context.signal);
  context.emit({ type: "snapshot-created", name, how, sizeBytes: snapshot.meta.sizeBytes });
  context.record({ action: "create", result: "done", to: name });
  return snapshot;
}

/**
 * Replaces a snapshot of the same name. What is in production never changes under its clients. Staging may: it leads to
 * a second copy while the name is changing hands, so that it shows a complete tree at every instant.
 */
async function replaceSnapshot(
  context: MirrorContext,
  held: Snapshot,
  generation: Generation,
): Promise<Snapshot> {
  const production = context.links.read("production");
  if (production.kind === "snapshot" && production.name === held.name) {
    throw new SnapshotError(
      "SNAPSHOT_IN_USE",
      `snapshot ${held.name} of ${context.mirror.id} is in production`,
      {
        hint: "What is in production is never replaced under its clients: choose another name.",
      },
    );
  }
  const staging = context.links.read("staging");
  const isStaged = staging.kind === "snapshot" && staging.name === held.name;
  if (!isStaged) {
    await deleteUnlocked(context, held);
    return freezeGeneration(context, generation, held.name);
  }
  const stand = await freezeGeneration(context, generation, `${held.name}~replacing`);
  pointStaging(context, stand);
  await deleteUnlocked(context, held);
  const snapshot = await freezeGeneration(context, generation, held.name);
  pointStaging(context, snapshot);
  await deleteUnlocked(context, stand);
  return snapshot;
}

function signersOf(context: MirrorContext, generation: Generation): ReadonlyMap<string, readonly string[]> {
  const state = context.memory.read();
  if (state === undefined || state.generation !== generation.name) return new Map();
  return new Map(state.suites.map(({ suite, signedBy }) => [suite, signedBy]));
}
