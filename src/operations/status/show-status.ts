import { hasCode, MirrorctlError } from "../../errors.ts";
import type { GateState } from "../../gates/index.ts";
import { type ComparedDetails, knownChanges, type NewerHistory } from "../../history/index.ts";
import { type ReadLocks, readKernelLocks } from "../../platform/locks/lock-holder.ts";
import { nearestExisting, statIfAny } from "../../platform/look.ts";
import { freeSpace } from "../../platform/space.ts";
import type { Shown } from "../../publish/index.ts";
import { messageOf } from "../../report/errors.ts";
import type { Concern, Note } from "../../report/words/concerns.ts";
import type { Ports } from "../context.ts";
import type { GatePorts } from "../gates/index.ts";
import { type ReadHistory, readHistory } from "../history/index.ts";
import { concernsOfDamage } from "./damage.ts";
import { compareShown, type Difference } from "./difference.ts";
import { concernsOfProduction, notesOfProduction } from "./production.ts";
import { findRunning, type Running } from "./running.ts";
import { concernsOfLink, findShown, type ShownTree } from "./shown.ts";
import { concernsOfTimes, notesOfSnapshots } from "./snapshots.ts";
import { notesOfStaging } from "./staging.ts";
import { concernsOfSync, type GoodSync, type LastSync, lastGoodSyncOf, lastSyncOf } from "./syncs.ts";
import { concernsOfVariants } from "./variants.ts";

export interface MirrorStatus {
  readonly mirror: string;
  readonly configured: true;
  readonly lastSync: LastSync;
  readonly lastGoodSync: GoodSync | undefined;
  readonly running: Running;
  readonly staging: ShownTree | undefined;
  readonly production: ShownTree | undefined;
  /** Undefined if one of them shows nothing. */
  readonly difference: Difference | undefined;
  /** What a promotion of the staged snapshot would change, as somebody compared it before; undefined if nobody did. */
  readonly changes: ComparedDetails | undefined;
  /** Of the staged snapshot. Empty if production shows it already, and if no gate is configured. */
  readonly gates: readonly GateState[];
  readonly snapshots: number;
  /** How many of them somebody keeps. */
  readonly pinned: number;
  /** Undefined if `dir` does not exist yet. */
  readonly freeBytes: number | undefined;
  /** Undefined also if the file system has no fixed number of inodes. */
  readonly freeInodes: number | undefined;
  /** Undefined if the snapshots are on the file system of `dir`. */
  readonly freeForSnapshotsBytes: number | undefined;
  readonly freeForSnapshotsInodes: number | undefined;
  readonly concerns: readonly Concern[];
  readonly notes: readonly Note[];
}

type StatusPorts = GatePorts &
  Ports<"mirror" | "layout" | "publisher" | "catalog" | "working" | "memory" | "history" | "now">;

/** What is known without a look at the locks of all processes, which takes the longest on a busy machine. */
export type StandingStatus = Omit<MirrorStatus, "running">;

/** Returns the state of one mirror. Takes no lock, writes nothing and walks no tree. */
export async function showStatus(
  context: StatusPorts,
  readLocks: ReadLocks = readKernelLocks,
): Promise<MirrorStatus> {
  const running = findRunning(context, readLocks);
  const { mirror, configured, lastSync, lastGoodSync, ...others } = await readStanding(context);
  return { mirror, configured, lastSync, lastGoodSync, running, ...others };
}

/** Returns the state of one mirror apart from what runs. */
export async function readStanding(context: StatusPorts): Promise<StandingStatus> {
  const { mirror, layout, publisher, catalog } = context;
  const now = context.now();
  const { history, damage, newer } = await lookAtHistory(context);
  const lastSync: LastSync = damage.length > 0 ? { kind: "damaged" } : lastSyncOf(context, history);
  const targets = {
    staging: await publisher.read("staging"),
    production: await publisher.read("production"),
  };
  const snapshots = await catalog.glance();
  const pins = catalog.pins();
  const staging = findShown(context, targets.staging, snapshots);
  const production = findShown(context, targets.production, snapshots);
  const gates = await gatesOfStaged(context, targets);
  return {
    mirror: mirror.id,
    configured: true,
    lastSync,
    lastGoodSync: lastGoodSyncOf(history),
    staging: staging?.shown,
    production: production?.shown,
    difference: compareShown(context, staging, production),
    changes: changesKnown(targets, history),
    gates,
    snapshots: snapshots.length,
    pinned: snapshots.filter(({ name }) => pins.has(name)).length,
    ...freeSpaceOf(layout),
    concerns: [
      ...damage,
      ...(newer === undefined ? [] : [{ kind: "history-newer" as const, ...newer }]),
      ...concernsOfSync(lastSync),
      ...concernsOfLink("staging", targets.staging, staging?.shown, now),
      ...concernsOfLink("production", targets.production, production?.shown, now),
      ...concernsOfProduction(mirror.id, targets.production, history),
      ...concernsOfDamage(context, history, targets, snapshots),
      ...concernsOfVariants(context),
      ...concernsOfTimes(context, snapshots, now),
      ...concernsOfGates(mirror.id, gates),
    ],
    notes: [
      ...("unreadable" in history && damage.length === 0 && newer === undefined
        ? [{ kind: "history-unreadable" as const, reason: history.unreadable }]
        : []),
      ...(await notesOfStaging(context, targets.staging, snapshots, history)),
      ...notesOfProduction(context, { staging: staging?.shown, production: production?.shown }, history),
      ...notesOfSnapshots(context, snapshots),
    ],
  };
}

/** Only those that somebody configured are of interest: the first is always on. */
async function gatesOfStaged(
  context: StatusPorts,
  { staging, production }: Readonly<Record<"staging" | "production", Shown>>,
): Promise<readonly GateState[]> {
  if (staging.kind !== "snapshot" || context.mirror.criteria.length < 2) return [];
  if (production.kind === "snapshot" && production.name === staging.name) return [];
  const snapshot = await context.catalog.find(staging.name);
  if (snapshot === undefined) return [];
  const { gateStates } = await import("../gates/index.ts"); // most mirrors have no gates
  return await gateStates(context, snapshot);
}

/** A gate that does not pass yet needs no person. */
function concernsOfGates(mirror: string, gates: readonly GateState[]): readonly Concern[] {
  const failed = gates.filter(({ verdict }) => verdict?.kind === "failed");
  return failed.length === 0
    ? []
    : [{ kind: "gates-failed", mirror, gates: failed.map(({ criterion }) => criterion.gate) }];
}

function changesKnown(
  { staging, production }: Readonly<Record<"staging" | "production", Shown>>,
  history: ReadHistory,
): ComparedDetails | undefined {
  if (staging.kind !== "snapshot" || production.kind !== "snapshot" || "unreadable" in history)
    return undefined;
  return staging.name === production.name ? undefined : knownChanges(history, production.name, staging.name);
}

type Free = "freeBytes" | "freeInodes" | "freeForSnapshotsBytes" | "freeForSnapshotsInodes";

function freeSpaceOf({ dir, snapshots }: StatusPorts["layout"]): Pick<MirrorStatus, Free> {
  const device = statIfAny(dir)?.dev;
  const isElsewhere = device !== undefined && statIfAny(nearestExisting(snapshots))?.dev !== device;
  const free = device === undefined ? undefined : freeSpace(dir);
  const freeForSnapshots = isElsewhere ? freeSpace(snapshots) : undefined;
  return {
    freeBytes: free?.bytes,
    freeInodes: free?.inodes,
    freeForSnapshotsBytes: freeForSnapshots?.bytes,
    freeForSnapshotsInodes: freeForSnapshots?.inodes,
  };
}

/** Reads the history. Damage needs a person; a history that only another user may read does not. */
async function lookAtHistory(context: Ports<"history" | "mirror">): Promise<{
  readonly history: ReadHistory;
  readonly damage: readonly Concern[];
  readonly newer: NewerHistory | undefined;
}> {
  try {
    const history = await readHistory(context);
    const newer = "unreadable" in history ? undefined : await context.history.newer();
    return { history, damage: [], newer };
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    const reason = messageOf(error);
    if (hasCode(error, "HISTORY_NEWER"))
      return { history: { unreadable: reason }, damage: [], newer: await context.history.newer() };
    return {
      history: { unreadable: reason },
      damage: [{ kind: "history-damaged", reason }],
      newer: undefined,
    };
  }
}
