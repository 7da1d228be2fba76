import { type HistoryEntry, lastStaged, movesProduction } from "../../history/index.ts";
import type { MirrorFacts, Stage, StageFacts } from "../../metrics/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { historyOrProblem } from "../history/index.ts";
import { findShown, readStanding, type ShownTree, type StandingStatus } from "../status/index.ts";
import { type Describe, expiryOfKeys } from "./key-expiry.ts";
import { uniqueBytesOf } from "./unique-bytes.ts";

/** Returns the facts of one mirror. Takes no lock, writes nothing and walks over no tree. */
export async function gatherMetrics(mirrorContext: MirrorContext, describe: Describe): Promise<MirrorFacts> {
  const context = readingOnce(mirrorContext);
  const status = await readStanding(context);
  // `status` reports a history that cannot be read; here nothing is known then.
  const read = await historyOrProblem(context);
  const history = "entries" in read ? read.entries : [];
  const { mirror, lastSync, lastGoodSync, changes } = status;
  return {
    mirror,
    lastRun:
      lastSync.kind === "known" ? { at: lastSync.at, succeeded: lastSync.result !== "failed" } : undefined,
    lastSuccessAt: lastGoodSync?.at,
    downloaded: lastDownload(history),
    stages: stagesOf(context, status, history),
    stagedChanges: changes?.counts,
    snapshots: status.snapshots,
    uniqueBytes: await uniqueBytesOf(context),
    gates: status.gates.map(({ criterion, verdict }) => ({
      gate: criterion.gate,
      verdict: verdict?.kind ?? "untested",
    })),
    keys: await expiryOfKeys(context, describe),
    damaged: damagedOf(status),
    space: spaceOf(context, status),
  };
}

/** Reads the history and the records of snapshots once: several facts are made of them. */
function readingOnce(context: MirrorContext): MirrorContext {
  const { history, catalog } = context;
  const lists = new Map<string, ReturnType<typeof history.list>>();
  let glance: ReturnType<typeof catalog.glance> | undefined;
  return {
    ...context,
    history: {
      ...history,
      list: (query) => lists.getOrInsertComputed(JSON.stringify(query), () => history.list(query)),
    },
    catalog: { ...catalog, glance: () => (glance ??= catalog.glance()) },
  };
}

type Entries = readonly HistoryEntry[];

function lastDownload(history: Entries): MirrorFacts["downloaded"] {
  const details = history.find(({ action }) => action === "sync")?.details;
  if (details?.kind !== "synced") return undefined;
  return { elapsedMs: details.elapsedMs, files: details.files, bytes: details.sizeBytes };
}

function stagesOf(
  context: MirrorContext,
  { staging, production }: StandingStatus,
  history: Entries,
): readonly StageFacts[] {
  const working = findShown(context, { kind: "working-mirror" }, [])?.shown;
  const workingAt = history.find(({ action, result }) => action === "sync" && result === "done")?.at;
  return [
    ...stage("working", working, workingAt),
    ...stage("staging", staging, staging && lastStaged(history, staging.name)?.at),
    ...stage("production", production, history.find(movesProduction)?.at),
  ];
}

function stage(name: Stage, tree: ShownTree | undefined, changedAt: Date | undefined): readonly StageFacts[] {
  if (tree === undefined) return [];
  const { packages, sizeBytes, releases } = tree;
  return [{ stage: name, snapshot: tree.name, changedAt, packages, sizeBytes, releases }];
}

const damagedOf = ({ concerns }: StandingStatus): MirrorFacts["damaged"] =>
  concerns.flatMap((concern) => {
    if (concern.kind !== "snapshot-damaged" && concern.kind !== "working-mirror-damaged") return [];
    const tree = concern.kind === "snapshot-damaged" ? concern.name : workingMirrorName;
    return [{ tree, files: concern.files ?? 1 }];
  });

function spaceOf({ layout, mirror }: MirrorContext, status: StandingStatus): MirrorFacts["space"] {
  const { freeBytes, freeInodes, freeForSnapshotsBytes, freeForSnapshotsInodes } = status;
  return [
    ...(freeBytes === undefined ? [] : [{ path: layout.dir, bytes: freeBytes, inodes: freeInodes }]),
    ...(freeForSnapshotsBytes === undefined
      ? []
      : [{ path: mirror.snapshot.path, bytes: freeForSnapshotsBytes, inodes: freeForSnapshotsInodes }]),
  ];
}
