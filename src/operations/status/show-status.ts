import { freeSpaceBytes, statIfAny } from "../../platform/files.ts";
import type { Concern, Note } from "../../report/concerns.ts";
import type { MirrorContext } from "../context.ts";
import { readHistory } from "../read-history.ts";
import { concernsOfDamage } from "./damage.ts";
import { concernsOfProduction } from "./production.ts";
import { concernsOfLink, describeShown, type ShownTree } from "./shown.ts";
import { notesOfSnapshots } from "./snapshots.ts";
import { concernsOfSync, type LastSync, lastSyncOf } from "./syncs.ts";
import { concernsOfVariants } from "./variants.ts";

export interface MirrorStatus {
  readonly mirror: string;
  readonly lastSync: LastSync;
  readonly staging: ShownTree | undefined;
  readonly production: ShownTree | undefined;
  readonly snapshots: number;
  /** Undefined where `dir` is not there yet. */
  readonly freeBytes: number | undefined;
  readonly concerns: readonly Concern[];
  readonly notes: readonly Note[];
}

/** Returns the state of one mirror. Takes no lock, writes nothing and walks no tree of a snapshot. */
export function showStatus(context: MirrorContext): MirrorStatus {
  const { mirror, layout, links, catalog } = context;
  const now = context.now();
  const history = readHistory(context);
  const lastSync = lastSyncOf(history);
  const targets = { staging: links.read("staging"), production: links.read("production") };
  const snapshots = catalog.list();
  const staging = describeShown(context, targets.staging);
  const production = describeShown(context, targets.production);
  return {
    mirror: mirror.id,
    lastSync,
    staging,
    production,
    snapshots: snapshots.length,
    freeBytes: statIfAny(layout.dir) === undefined ? undefined : freeSpaceBytes(layout.dir),
    concerns: [
      ...concernsOfSync(lastSync),
      ...concernsOfLink("staging", targets.staging, staging, now),
      ...concernsOfLink("production", targets.production, production, now),
      ...concernsOfProduction(mirror.id, targets.production, history),
      ...concernsOfDamage(context, history, targets),
      ...concernsOfVariants(context),
    ],
    notes: [
      ...("unreadable" in history
        ? [{ kind: "history-unreadable" as const, reason: history.unreadable }]
        : []),
      ...notesOfSnapshots(context, snapshots),
    ],
  };
}
