import { formatGoTime } from "../../config/index.ts";
import type { Generation } from "../../publish/index.ts";
import type { KeptBecause } from "../../report/events.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import { isNumbered } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { historyOrProblem, readKnownDamage } from "../history/index.ts";
import { pointStaging } from "../production/index.ts";
import { endRemovals, freeSpace } from "./delete-snapshots.ts";
import { freezeGeneration } from "./freeze-generation.ts";
import { keptBecause, makeWay, retireStandIn } from "./replace-snapshot.ts";

export interface CreateOptions {
  /** Given by a person. Unset: the time in the configured layout, with a number where that name is taken. */
  readonly name?: string | undefined;
  /** Point staging to it. */
  readonly stage: boolean;
  /** Replace a snapshot of the same name, unless production shows it or a rollback may go back to it. */
  readonly force: boolean;
}

/** Freezes the working mirror as a snapshot. */
export async function createSnapshot(context: MirrorContext, options: CreateOptions): Promise<Snapshot> {
  using _lock = await context.lockWorkingMirror("snapshot create");
  using _snapshots = await context.lockSnapshots("snapshot create");
  refuseDamaged(context);
  return createUnlocked(context, options);
}

/** A sync does not ask: it has made a new tree by then, or freezes what is in production as it is. */
function refuseDamaged({ mirror, memory, working }: MirrorContext): void {
  const damaged = memory.damagedGeneration();
  if (damaged === undefined || damaged !== working.current()?.name) return;
  throw new SnapshotError("TREE_DAMAGED", `the working mirror of ${mirror.id} has files that are damaged`, {
    facts: { generation: damaged },
    hint: `"snapshot verify" found them, and a snapshot would have them too. Bring them again: mirrorctl sync ${mirror.id}`,
  });
}

/** For a caller that holds both locks of the mirror. `madeName` takes the place of the name that the layout makes. */
export async function createUnlocked(
  context: MirrorContext,
  options: CreateOptions & { readonly madeName?: string },
): Promise<Snapshot> {
  const generation = requireGeneration(context);
  const ended = await endRemovals(context);
  const way = chooseWay(context, generation, options);
  if (way.kind === "keep") context.emit({ type: "snapshot-already-there", name: way.held.name });
  if (way.kind === "replace") await makeWay(context, way.held, generation);
  const snapshot = way.kind === "keep" ? way.held : await freezeGeneration(context, generation, nameOf(way));
  if (options.stage) pointStaging(context, snapshot);
  const retired = await retireStandIn(context, snapshot);
  if (way.kind === "replace" || retired || ended.length > 0) await freeSpace(context);
  return snapshot;
}

/** How a generation gets its snapshot: there is one already, or it gets a new name, or that of another snapshot. */
type Way =
  | { readonly kind: "keep"; readonly held: Snapshot }
  | { readonly kind: "replace"; readonly held: Snapshot }
  | { readonly kind: "create"; readonly name: string };

const nameOf = (way: Exclude<Way, { kind: "keep" }>): string =>
  way.kind === "create" ? way.name : way.held.name;

function chooseWay(
  context: MirrorContext,
  generation: Generation,
  { name, force, madeName }: CreateOptions & { readonly madeName?: string },
): Way {
  const wanted = name ?? madeName ?? formatGoTime(context.mirror.snapshot.nameFormat, context.now());
  const held = context.catalog.find(wanted);
  if (held !== undefined && holds(context, held, generation)) return { kind: "keep", held };
  if (held === undefined || !force)
    return name === undefined ? chooseNumber(context, generation, wanted) : { kind: "create", name };
  const kept = name === undefined ? keptUnasked(context, held) : undefined;
  return kept === undefined ? { kind: "replace", held } : chooseNumber(context, generation, wanted, kept);
}

/** True for a snapshot of this very tree, unless it is known to be damaged. */
const holds = (context: MirrorContext, { name, meta }: Snapshot, generation: Generation): boolean =>
  meta.generation === generation.name && !readKnownDamage(context).has(name);

/** Nobody named it: what mirrorctl is not known to have made stays. */
const keptUnasked = (context: MirrorContext, held: Snapshot): KeptBecause | undefined =>
  held.recorded ? keptBecause(context, held) : { kind: "not-known" };

function chooseNumber(
  context: MirrorContext,
  generation: Generation,
  wanted: string,
  kept?: KeptBecause,
): Way {
  const name = context.catalog.freeName(wanted, namesEverMade(context));
  if (name === wanted) return { kind: "create", name };
  const held = context.catalog
    .ofGeneration(generation.name)
    .find((one) => isNumbered(one.name, wanted) && holds(context, one, generation));
  if (held !== undefined) return { kind: "keep", held };
  context.emit({ type: "snapshot-name-taken", taken: wanted, name, kept });
  return { kind: "create", name };
}

/** Also of snapshots that are gone: what somebody noted as tested must not mean something else later. */
function namesEverMade(context: MirrorContext): readonly string[] {
  const history = historyOrProblem(context);
  if ("problem" in history) return []; // which is said where the new snapshot is recorded
  return history.entries.flatMap(({ action, result, to }) =>
    action === "create" && result === "done" && to !== undefined ? [to] : [],
  );
}

function requireGeneration(context: MirrorContext): Generation {
  const generation = context.working.current();
  if (generation !== undefined) return generation;
  throw new SnapshotError("NOTHING_SYNCED", `${context.mirror.id} has nothing to make a snapshot of yet`, {
    hint: `Bring it first: mirrorctl sync ${context.mirror.id}`,
  });
}
