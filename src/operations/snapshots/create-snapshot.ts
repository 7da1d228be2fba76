import { formatGoTime } from "../../config/index.ts";
import type { Generation } from "../../publish/index.ts";
import type { KeptBecause } from "../../report/events.ts";
import { nameInvalid, type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import { isNumbered } from "../../snapshot-name.ts";
import type { Ports } from "../context.ts";
import { type ComparisonPorts, compareWithProduction } from "../diff/index.ts";
import { historyOrProblem, readKnownDamage } from "../history/index.ts";
import { showInStaging } from "../production/index.ts";
import { misreadNameFault } from "../trees/index.ts";
import { type DeletePorts, endRemovals, freeSpace } from "./delete-snapshots.ts";
import { freezeGeneration } from "./freeze-generation.ts";
import { keptBecause, makeWay, type ReplacePorts, retireStandIn } from "./replace-snapshot.ts";

/** What making a snapshot needs. */
export type CreatePorts = ReplacePorts & DeletePorts & Ports<"working" | "sweep">;

export interface CreateOptions {
  /** Chosen by a person. Unset: the time in the configured layout, with a number if that name is used. */
  readonly name?: string | undefined;
  /** Make staging show it. */
  readonly stage: boolean;
  /** Replace a snapshot of the same name, unless production shows it or a rollback may go back to it. */
  readonly force: boolean;
}

interface UnlockedOptions extends CreateOptions {
  /** For a sync: replaces the name that the layout makes. */
  readonly madeName?: string;
  /** Returns a hidden tree with the files of the working mirror, which may become the snapshot. */
  readonly ready?: () => Promise<string | undefined>;
}

type LockPorts = Ports<"lockWorkingMirror" | "lockSnapshots">;

/** Freezes the working mirror as a snapshot. If it is staged, compares it with production afterwards, without a lock. */
export async function createSnapshot(
  ports: CreatePorts & ComparisonPorts & LockPorts,
  options: CreateOptions,
): Promise<Snapshot> {
  const snapshot = await createLocked(ports, options);
  if (options.stage) await compareWithProduction(ports, snapshot, { record: true });
  return snapshot;
}

async function createLocked(ports: CreatePorts & LockPorts, options: CreateOptions): Promise<Snapshot> {
  using _lock = await ports.lockWorkingMirror("snapshot create");
  using _snapshots = await ports.lockSnapshots("snapshot create");
  refuseDamaged(ports);
  return await createUnlocked(ports, options);
}

/** Not for a sync: it has made a new tree by then, or freezes what production shows as it is. */
function refuseDamaged({ mirror, memory, working }: CreatePorts): void {
  const damaged = memory.damagedGeneration();
  if (damaged === undefined || damaged !== working.current()?.name) return;
  throw new SnapshotError("TREE_DAMAGED", `the working mirror of ${mirror.id} has damaged files`, {
    facts: { generation: damaged },
    hint: `"snapshot verify" found them, and a snapshot would have them too. Download them again: mirrorctl sync ${mirror.id}`,
  });
}

/** For a caller that holds both locks of the mirror. */
export async function createUnlocked(ports: CreatePorts, options: UnlockedOptions): Promise<Snapshot> {
  const generation = requireGeneration(ports);
  const ended = await endRemovals(ports);
  const way = await chooseWay(ports, generation, options);
  if (way.kind === "keep") ports.emit({ type: "snapshot-already-there", name: way.held.name });
  if (way.kind === "replace") await makeWay(ports, way.held, generation);
  const snapshot =
    way.kind === "keep"
      ? way.held
      : await freezeGeneration(ports, generation, nameOf(way), await options.ready?.());
  if (options.stage) await showInStaging(ports, snapshot);
  const retired = await retireStandIn(ports, snapshot);
  if (way.kind === "replace" || retired || ended.length > 0) await freeSpace(ports);
  return snapshot;
}

/** How a generation gets its snapshot: it has one already, or gets a new name, or that of another snapshot. */
type Way =
  | { readonly kind: "keep"; readonly held: Snapshot }
  | { readonly kind: "replace"; readonly held: Snapshot }
  | { readonly kind: "create"; readonly name: string };

const nameOf = (way: Exclude<Way, { kind: "keep" }>): string =>
  way.kind === "create" ? way.name : way.held.name;

async function chooseWay(
  ports: CreatePorts,
  generation: Generation,
  { name, force, madeName }: UnlockedOptions,
): Promise<Way> {
  const wanted = name ?? madeName ?? formatGoTime(ports.mirror.snapshot.nameFormat, ports.now());
  const held = await ports.catalog.find(wanted);
  if (held !== undefined && (await holds(ports, held, generation))) return { kind: "keep", held };
  if (held === undefined && name !== undefined) refuseMisread(ports, name);
  if (held === undefined || !force)
    return name === undefined ? chooseNumber(ports, generation, wanted) : { kind: "create", name };
  const kept = name === undefined ? await keptUnasked(ports, held) : undefined;
  return kept === undefined ? { kind: "replace", held } : chooseNumber(ports, generation, wanted, kept);
}

function refuseMisread({ mirror }: CreatePorts, name: string): void {
  const fault = misreadNameFault(mirror, name);
  if (fault !== undefined) throw nameInvalid(name, fault);
}

/** True for a snapshot of this very tree, unless it is known to be damaged. */
const holds = async (
  ports: CreatePorts,
  { name, meta }: Snapshot,
  generation: Generation,
): Promise<boolean> => meta.generation === generation.name && !(await readKnownDamage(ports)).has(name);

/** For a name that nobody chose: what mirrorctl is not known to have made stays. */
const keptUnasked = async (ports: CreatePorts, held: Snapshot): Promise<KeptBecause | undefined> =>
  held.recorded ? await keptBecause(ports, held) : { kind: "not-known" };

async function chooseNumber(
  ports: CreatePorts,
  generation: Generation,
  wanted: string,
  kept?: KeptBecause,
): Promise<Way> {
  const name = ports.catalog.freeName(wanted, await namesEverMade(ports));
  if (name === wanted) return { kind: "create", name };
  for (const held of ports.catalog.ofGeneration(generation.name))
    if (isNumbered(held.name, wanted) && (await holds(ports, held, generation)))
      return { kind: "keep", held };
  ports.emit({ type: "snapshot-name-taken", taken: wanted, name, kept });
  return { kind: "create", name };
}

/** Includes snapshots that are gone: a name that somebody noted as tested must not mean something else later. */
async function namesEverMade(ports: CreatePorts): Promise<readonly string[]> {
  const history = await historyOrProblem(ports);
  if ("problem" in history) return []; // a warning follows when the new snapshot is recorded
  return history.entries.flatMap(({ action, result, to }) =>
    action === "create" && result === "done" && to !== undefined ? [to] : [],
  );
}

function requireGeneration({ mirror, working }: CreatePorts): Generation {
  const generation = working.current();
  if (generation !== undefined) return generation;
  throw new SnapshotError("NOTHING_SYNCED", `${mirror.id} has nothing to make a snapshot of yet`, {
    hint: `Sync it first: mirrorctl sync ${mirror.id}`,
  });
}
