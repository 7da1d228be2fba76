import { hasCode } from "../errors.ts";
import type { HistoryEntry } from "../history/index.ts";
import { freeSpaceBytes, statIfAny } from "../platform/files.ts";
import type { LinkTarget } from "../publish/index.ts";
import { describeTree, type Snapshot } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";

/** What a public name shows. */
export interface ShownSnapshot {
  readonly name: string;
  readonly createdAt: Date | undefined;
  readonly sizeBytes: number | undefined;
  /** The earliest Valid-Until of its suites: after it clients refuse them. */
  readonly validUntil: Date | undefined;
}

export interface MirrorStatus {
  readonly mirror: string;
  readonly lastSync:
    | { readonly at: Date; readonly result: HistoryEntry["result"]; readonly detail: string | undefined }
    | undefined;
  readonly staging: ShownSnapshot | undefined;
  readonly production: ShownSnapshot | undefined;
  readonly snapshots: number;
  /** Undefined where `dir` is not there yet. */
  readonly freeBytes: number | undefined;
  /** What needs a person, in sentences. */
  readonly concerns: readonly string[];
}

const dayMs = 86_400_000;
const warnBeforeExpiryMs = 3 * dayMs;

/** How a mirror stands. Takes no lock and writes nothing. */
export function showStatus(context: MirrorContext): MirrorStatus {
  const concerns: string[] = [];
  const syncs = readSyncs(context, concerns);
  const [lastSync] = syncs;
  const staging = shownAt(context, "staging", concerns);
  const production = shownAt(context, "production", concerns);
  if (lastSync === undefined && concerns.length === 0) concerns.push("never synced");
  if (lastSync?.result === "failed")
    concerns.push(`the last sync failed: ${lastSync.detail ?? "see the log"}`);
  return {
    mirror: context.mirror.id,
    lastSync: lastSync && { at: lastSync.at, result: lastSync.result, detail: lastSync.detail },
    staging,
    production,
    snapshots: context.catalog.list().length,
    freeBytes: statIfAny(context.layout.dir) === undefined ? undefined : freeSpaceBytes(context.layout.dir),
    concerns,
  };
}

/** Newest first. The history is its owner's to read; the rest of the status is everybody's. */
function readSyncs(context: MirrorContext, concerns: string[]): readonly HistoryEntry[] {
  try {
    return context.history.list({ mirror: context.mirror.id }).filter(({ action }) => action === "sync");
  } catch (error) {
    if (!hasCode(error, "EACCES", "ERR_SQLITE_ERROR")) throw error;
    concerns.push("the history cannot be read by this user: the last sync is not known");
    return [];
  }
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
      return { name: "(working mirror)", createdAt: undefined, sizeBytes, validUntil: earliest(releases) };
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
