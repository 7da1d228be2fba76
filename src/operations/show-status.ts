import { hasCode } from "../errors.ts";
import type { HistoryEntry } from "../history/index.ts";
import { freeSpaceBytes, statIfAny } from "../platform/files.ts";
import { primaryCodeOf, SQLITE_CANTOPEN, SQLITE_READONLY } from "../platform/sqlite-errors.ts";
import type { LinkTarget } from "../publish/index.ts";
import { messageOf } from "../report/errors.ts";
import { describeTree, type Snapshot } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";
import { warnBeforeExpiryMs } from "./expiry.ts";
import { workingMirrorName } from "./working-mirror-name.ts";

/** What a public name shows. */
export interface ShownSnapshot {
  readonly name: string;
  readonly createdAt: Date | undefined;
  readonly sizeBytes: number | undefined;
  /** The earliest Valid-Until of its suites: after it clients refuse them. */
  readonly validUntil: Date | undefined;
}

/** Unreadable: the history is its owner's, and the rest of the status is everybody's. */
export type LastSync =
  | {
      readonly kind: "known";
      readonly at: Date;
      readonly result: HistoryEntry["result"];
      readonly detail: string | undefined;
    }
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly reason: string };

export interface MirrorStatus {
  readonly mirror: string;
  readonly lastSync: LastSync;
  readonly staging: ShownSnapshot | undefined;
  readonly production: ShownSnapshot | undefined;
  readonly snapshots: number;
  /** Undefined where `dir` is not there yet. */
  readonly freeBytes: number | undefined;
  /** What needs a person, in sentences. */
  readonly concerns: readonly string[];
}

/** How a mirror stands. Takes no lock and writes nothing. */
export function showStatus(context: MirrorContext): MirrorStatus {
  const concerns: string[] = [];
  const history = readHistory(context);
  const lastSync = lastSyncOf(history);
  if (lastSync.kind === "none") concerns.push("never synced");
  if (lastSync.kind === "known" && lastSync.result === "failed")
    concerns.push(`the last sync failed: ${lastSync.detail ?? "see the log"}`);
  const staging = shownAt(context, "staging", concerns);
  const production = shownAt(context, "production", concerns);
  const lost = context.links.read("production").kind === "none" ? lastInProduction(history) : undefined;
  if (lost !== undefined) concerns.push(`production leads nowhere, and the history has ${lost} there`);
  return {
    mirror: context.mirror.id,
    lastSync,
    staging,
    production,
    snapshots: context.catalog.list().length,
    freeBytes: statIfAny(context.layout.dir) === undefined ? undefined : freeSpaceBytes(context.layout.dir),
    concerns,
  };
}

/** The lines of the mirror, newest first, or why this user cannot read them. */
type ReadHistory = readonly HistoryEntry[] | { readonly unreadable: string };

function readHistory(context: MirrorContext): ReadHistory {
  try {
    return context.history.list({ mirror: context.mirror.id });
  } catch (error) {
    const code = primaryCodeOf(error);
    if (!hasCode(error, "EACCES", "EPERM") && code !== SQLITE_CANTOPEN && code !== SQLITE_READONLY)
      throw error;
    return { unreadable: messageOf(error) };
  }
}

function lastSyncOf(history: ReadHistory): LastSync {
  if ("unreadable" in history) return { kind: "unreadable", reason: history.unreadable };
  const entry = history.find(({ action }) => action === "sync");
  if (entry === undefined) return { kind: "none" };
  return { kind: "known", at: entry.at, result: entry.result, detail: entry.detail };
}

/** What production led to after the last move that the history knows of; undefined where it was taken away on purpose. */
function lastInProduction(history: ReadHistory): string | undefined {
  if ("unreadable" in history) return undefined;
  return history.find(
    ({ action, result, detail }) =>
      result === "done" &&
      (action === "publish" ||
        action === "promote" ||
        action === "rollback" ||
        (action === "unlink" && detail === "production")),
  )?.to;
}

function shownAt(
  context: MirrorContext,
  link: "staging" | "production",
  concerns: string[],
): ShownSnapshot | undefined {
  const target = context.links.read(link);
  const shown = describeTarget(context, target);
  if (target.kind === "foreign")
    concerns.push(`${link} leads to ${target.path}, which is no snapshot of this mirror`);
  if (target.kind === "snapshot" && shown === undefined)
    concerns.push(`${link} leads to ${target.name}, which is gone`);
  const leftMs =
    shown?.validUntil === undefined
      ? Number.POSITIVE_INFINITY
      : shown.validUntil.getTime() - context.now().getTime();
  if (leftMs <= 0) concerns.push(`${link}: its Release has expired, clients refuse it`);
  else if (leftMs <= warnBeforeExpiryMs) concerns.push(`${link}: its Release expires within three days`);
  return shown;
}

function describeTarget(context: MirrorContext, target: LinkTarget): ShownSnapshot | undefined {
  switch (target.kind) {
    case "none":
    case "foreign":
      return undefined;
    case "working-mirror": {
      const generation = context.working.current();
      if (generation === undefined) return undefined;
      const { sizeBytes, releases } = describeTree(generation.path);
      return { name: workingMirrorName, createdAt: undefined, sizeBytes, validUntil: earliest(releases) };
    }
    case "snapshot": {
      const snapshot = context.catalog.find(target.name);
      return snapshot && describeSnapshot(snapshot);
    }
  }
}

const describeSnapshot = ({ name, createdAt, meta }: Snapshot): ShownSnapshot => ({
  name,
  createdAt,
  sizeBytes: meta.sizeBytes,
  validUntil: earliest(meta.releases),
});

function earliest(releases: readonly { readonly validUntil?: string | undefined }[]): Date | undefined {
  const times = releases
    .flatMap(({ validUntil }) => (validUntil === undefined ? [] : [validUntil]))
    .toSorted();
  return times[0] === undefined ? undefined : new Date(times[0]);
}
