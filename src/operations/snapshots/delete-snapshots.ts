import type { HistoryEntry } from "../../history/index.ts";
import type { PublicName } from "../../publish/index.ts";
import { messageOf } from "../../report/errors.ts";
import { pinnedText } from "../../report/words/pins.ts";
import type { Sha256 } from "../../repository/index.ts";
import { type DuringRemoval, objectsHeldBy, type Snapshot } from "../../snapshot/index.ts";
import type { SweepReport } from "../../store/index.ts";
import type { Ports } from "../context.ts";
import { settleCutOffMove } from "../production/index.ts";
import { inUse, isUsed, type Uses, usesOf } from "./snapshot-uses.ts";
import { treesOf } from "./trees-of.ts";

/** What removing snapshots needs. */
export type DeletePorts = Ports<
  "mirror" | "layout" | "catalog" | "publisher" | "history" | "signal" | "now" | "emit" | "record" | "end"
>;

type FreeingPorts = DeletePorts & Ports<"sweep" | "working">;

export interface DeleteOutcome {
  readonly deleted: readonly string[];
  /** By name; the others were deleted. */
  readonly failures: ReadonlyMap<string, unknown>;
}

/**
 * Deletes snapshots. If one cannot be deleted, it goes on with the next. `force` also deletes what is staged, in
 * production, pinned, or kept for a rollback; public names go first.
 */
export async function deleteSnapshots(
  ports: FreeingPorts & Ports<"lockSnapshots">,
  names: readonly string[],
  options: { readonly force: boolean },
): Promise<DeleteOutcome> {
  const { publisher, signal, now, emit, record } = ports;
  using _lock = await ports.lockSnapshots("snapshot delete");
  const dropped = await publisher.dropExpired(now(), signal);
  const ended = await endRemovals(ports);
  let freed: SweepReport = { objects: 0, freedBytes: 0 };
  let isAllSwept = dropped + ended.length === 0;
  const deleted: string[] = [];
  const failures = new Map<string, unknown>();
  try {
    for (const name of new Set(names)) {
      signal.throwIfAborted();
      try {
        const swept = await deleteOne(ports, name, ended, options);
        if (swept === undefined) isAllSwept = false;
        else freed = sumOf(freed, swept);
        deleted.push(name);
      } catch (error) {
        failures.set(name, error);
        emit({ type: "snapshot-delete-failed", name, error });
        await record({ action: "delete", result: "failed", to: name, detail: messageOf(error) });
      }
    }
  } finally {
    // A stopped run too: its hidden trees are gone, and no later one would know to look at every object.
    tellFreed(ports, isAllSwept ? freed : sumOf(freed, await ports.sweep()));
  }
  return { deleted, failures };
}

/** Returns what it has freed; undefined if any object may be free. */
async function deleteOne(
  ports: FreeingPorts,
  name: string,
  ended: readonly string[],
  { force }: { readonly force: boolean },
): Promise<SweepReport | undefined> {
  if (ended.includes(name) && (await ports.catalog.find(name)) === undefined) return undefined; // begun by a run that was killed
  const snapshot = await ports.catalog.require(name);
  const uses = await usesOf(ports, name);
  if (uses.others.length > 0 || (isUsed(uses) && !force)) throw inUse(ports, snapshot, uses);
  await hideNames(ports, snapshot, uses.own);
  const held = objectsHeldBy(ports.layout, snapshot, treesOf(ports, await ports.catalog.glance()));
  let swept: SweepReport | undefined;
  const emptied = async (): Promise<void> => {
    if (held?.areAll() === true) swept = await ports.sweep(held.objects);
  };
  await deleteUnlocked(ports, snapshot, noteOfForce(uses), { emptied });
  return swept;
}

function noteOfForce({ pin, rollback }: Uses): DeletionNote {
  const overridden = [
    ...(pin === undefined ? [] : [`it was ${pinnedText(pin.note)}`]),
    ...(rollback === undefined ? [] : ["a rollback would have gone back to it"]),
  ];
  return overridden.length === 0 ? {} : { detail: `forced: ${overridden.join("; ")}` };
}

/** Clears up after runs that were killed. Returns the names of the snapshots that they were removing. */
export async function endRemovals(ports: DeletePorts): Promise<readonly string[]> {
  await settleCutOffMove(ports);
  const names = await ports.catalog.clean();
  for (const name of names) await tellDeleted(ports, name, { detail: "begun by a run that was cut off" });
  return names;
}

/** What the history says of a deletion. */
type DeletionNote = Pick<HistoryEntry, "reason" | "detail">;

/** For a caller that holds the lock of snapshots and knows that no name shows the snapshot. */
export async function deleteUnlocked(
  ports: Ports<"catalog" | "emit" | "record">,
  snapshot: Snapshot,
  note: DeletionNote,
  during?: DuringRemoval,
): Promise<void> {
  await ports.catalog.remove(snapshot.name, during);
  await tellDeleted(ports, snapshot.name, note);
}

async function tellDeleted(
  { emit, record }: Ports<"emit" | "record">,
  name: string,
  note: DeletionNote,
): Promise<void> {
  emit({ type: "snapshot-deleted", name });
  await record({ action: "delete", result: "done", from: name, ...note });
}

/** Removes the objects that no tree of any mirror holds any longer: all, or those of `some`. */
export async function freeSpace(ports: Ports<"sweep" | "emit">, some?: Iterable<Sha256>): Promise<void> {
  tellFreed(ports, await ports.sweep(some));
}

function tellFreed({ emit }: Ports<"emit">, { objects, freedBytes }: SweepReport): void {
  if (objects > 0) emit({ type: "space-freed", objects, sizeBytes: freedBytes });
}

const sumOf = (a: SweepReport, b: SweepReport): SweepReport => ({
  objects: a.objects + b.objects,
  freedBytes: a.freedBytes + b.freedBytes,
});

async function hideNames(
  { publisher, emit, record }: Ports<"publisher" | "emit" | "record">,
  snapshot: Snapshot,
  names: readonly PublicName[],
): Promise<void> {
  for (const link of names) {
    await publisher.hide(link);
    emit({ type: "link-removed", link, name: snapshot.name });
    await record({
      action: "unlink",
      result: "done",
      from: snapshot.name,
      details: { kind: "unlinked", link },
    });
  }
}
