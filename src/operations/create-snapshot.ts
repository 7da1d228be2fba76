import { formatGoTime } from "../config/index.ts";
import { productionBefore } from "../history/index.ts";
import type { Generation } from "../publish/index.ts";
import { type Snapshot, SnapshotError, type SnapshotOrigin } from "../snapshot/index.ts";
import { standInName } from "../snapshot-name.ts";
import type { MirrorContext } from "./context.ts";
import { deleteUnlocked, endRemovals, freeSpace, linksTo } from "./delete-snapshots.ts";
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
  using _lock = context.lockWorkingMirror("snapshot create");
  using _snapshots = context.lockSnapshots("snapshot create");
  refuseDamaged(context);
  return createUnlocked(context, options);
}

/** A sync does not ask: it has made a tree anew by then, or freezes what is in production as it is. */
function refuseDamaged({ mirror, memory, working }: MirrorContext): void {
  const damaged = memory.damagedGeneration();
  if (damaged === undefined || damaged !== working.current()?.name) return;
  throw new SnapshotError("TREE_DAMAGED", `the working mirror of ${mirror.id} has files that are damaged`, {
    facts: { generation: damaged },
    hint: `"snapshot verify" found them, and a snapshot would have them too. Bring them again: mirrorctl sync ${mirror.id}`,
  });
}

/** For a caller that holds both locks of the mirror. */
export async function createUnlocked(context: MirrorContext, options: CreateOptions): Promise<Snapshot> {
  const generation = requireGeneration(context);
  const name = options.name ?? formatGoTime(context.mirror.snapshot.nameFormat, context.now());
  const held = context.catalog.find(name);
  const isThere = held !== undefined && held.meta.generation === generation.name;
  const replaces = held !== undefined && !isThere && options.force;
  const ended = await endRemovals(context);
  if (isThere) context.emit({ type: "snapshot-already-there", name });
  if (replaces) await makeWay(context, held, generation);
  const snapshot = isThere ? held : await freezeGeneration(context, generation, name);
  if (options.stage) pointStaging(context, snapshot);
  const retired = await retireStandIn(context, snapshot);
  if (replaces || retired || ended.length > 0) await freeSpace(context);
  return snapshot;
}

function requireGeneration(context: MirrorContext): Generation {
  const generation = context.working.current();
  if (generation !== undefined) return generation;
  throw new SnapshotError("NOTHING_SYNCED", `${context.mirror.id} has nothing to make a snapshot of yet`, {
    hint: `Bring it first: mirrorctl sync ${context.mirror.id}`,
  });
}

/** A new snapshot of one generation of the working mirror. */
async function freezeGeneration(
  context: MirrorContext,
  generation: Generation,
  name: string,
): Promise<Snapshot> {
  context.emit({ type: "snapshot-creating", name });
  const origin = {
    name,
    createdAt: context.now(),
    generation: generation.name,
    ...knownOf(context, generation),
  };
  const { snapshot, how } = await context.catalog.create(generation.path, origin, context.signal);
  context.emit({ type: "snapshot-created", name, how, sizeBytes: snapshot.meta.sizeBytes });
  context.record({ action: "create", result: "done", to: name });
  return snapshot;
}

/**
 * Removes a snapshot so that its name can be given anew, once what is to have it exists: a failure loses nothing. What is
 * in production never changes under its clients, nor what a rollback would go back to. Staging may: it leads to the
 * second copy while the name is changing hands, so that it shows a complete tree at every instant.
 */
async function makeWay(context: MirrorContext, held: Snapshot, generation: Generation): Promise<void> {
  const { leading, others } = linksTo(context, held.name);
  if (leading.includes("production") || others.length > 0) {
    const use = leading.includes("production") ? "in production" : `linked as ${others.join(", ")}`;
    throw new SnapshotError("SNAPSHOT_IN_USE", `snapshot ${held.name} of ${context.mirror.id} is ${use}`, {
      facts: { links: [...leading, ...others] },
      hint: "What clients read is never replaced under them: choose another name.",
    });
  }
  refuseFormerProduction(context, held);
  await retireStandIn(context, held); // a killed run may have left one
  const name = standInName(held.name);
  // One that stayed is shown somewhere, and staging with it.
  const standIn = context.catalog.find(name) ?? (await freezeGeneration(context, generation, name));
  if (leading.includes("staging")) pointStaging(context, standIn);
  await deleteUnlocked(context, held);
}

function refuseFormerProduction(context: MirrorContext, { name }: Snapshot): void {
  const { id } = context.mirror;
  const production = context.links.read("production");
  const present = production.kind === "snapshot" ? production.name : undefined;
  const formers = productionBefore(context.history.list({ mirror: id }), present);
  if (!formers.some((former) => former.name === name && !former.isDeleted)) return;
  throw new SnapshotError(
    "SNAPSHOT_IN_USE",
    `snapshot ${name} of ${id} was in production: a rollback may go back to it`,
    {
      hint: "Under that name it must hold what it held then: choose another name, or delete it first.",
    },
  );
}

/**
 * Removes the second copy that this run, or one that was killed, made in place of a snapshot that is whole again; staging
 * goes on to the snapshot. Where something else leads to the copy, such as production after a promotion, it stays.
 */
async function retireStandIn(context: MirrorContext, snapshot: Snapshot): Promise<boolean> {
  const standIn = context.catalog.find(standInName(snapshot.name));
  if (standIn === undefined) return false;
  const { leading, others } = linksTo(context, standIn.name);
  if (leading.includes("staging")) pointStaging(context, snapshot);
  if (leading.includes("production") || others.length > 0) return false;
  await deleteUnlocked(context, standIn);
  return true;
}

/** What the sync that made a generation left of it. */
function knownOf(context: MirrorContext, generation: Generation): Pick<SnapshotOrigin, "signers" | "facts"> {
  const state = context.memory.read();
  if (state === undefined || state.generation !== generation.name)
    return { signers: new Map(), facts: undefined };
  return {
    signers: new Map(state.suites.map(({ suite, signedBy }) => [suite, signedBy])),
    facts: state.facts,
  };
}
