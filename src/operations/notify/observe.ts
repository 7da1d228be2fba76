import { type HistoryEntry, isMove } from "../../history/index.ts";
import type { SeenDisk, SeenMirror } from "../../news/index.ts";
import { nearestExisting, statIfAny } from "../../platform/look.ts";
import { freeShare, freeSpace } from "../../platform/space.ts";
import type { Concern } from "../../report/words/concerns.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { MirrorContext, Ports } from "../context.ts";
import { readHistory } from "../history/index.ts";
import { readStanding, type StandingStatus } from "../status/index.ts";

/** Looks at a mirror as `status` does. */
export async function observe(context: MirrorContext): Promise<SeenMirror> {
  const status = await readStanding(context);
  const { mirror, concerns } = status;
  return {
    mirror,
    sync: syncOf(status),
    staging: shownBy("staging", status),
    production: await productionOf(context, status),
    failedGates: failedGatesOf(status),
    expiring: concerns.flatMap((concern) => expiryOf(concern, status)),
    damaged: concerns.flatMap(damageOf),
  };
}

/** The snapshots that the links lead to, which is all that a first run is compared with. */
export async function lookAtLinks({
  publisher,
}: Ports<"publisher">): Promise<{ readonly staging?: string; readonly production?: string }> {
  const staging = await publisher.read("staging");
  const production = await publisher.read("production");
  return {
    ...(staging.kind === "snapshot" ? { staging: staging.name } : {}),
    ...(production.kind === "snapshot" ? { production: production.name } : {}),
  };
}

function syncOf({ lastSync }: StandingStatus): SeenMirror["sync"] {
  if (lastSync.kind !== "known") return undefined;
  const { at, result, detail } = lastSync;
  if (result === "failed") return { kind: "failed", at: at.toISOString(), reason: detail };
  return result === "begun" ? undefined : { kind: "good" };
}

function shownBy(link: "staging" | "production", status: StandingStatus): SeenMirror["staging"] {
  const shown = status[link];
  if (shown === undefined || shown.name === workingMirrorName) return undefined;
  return { snapshot: shown.name, packages: shown.packages };
}

async function productionOf(
  context: Ports<"history" | "mirror">,
  status: StandingStatus,
): Promise<SeenMirror["production"]> {
  const shown = shownBy("production", status);
  if (shown === undefined) return undefined;
  const { snapshot } = shown;
  const move = lastMoveTo(snapshot, status.lastSync.kind === "damaged" ? [] : await movesOf(context));
  if (move === undefined) return { snapshot, isRollback: false };
  const { action, from, who, reason } = move;
  const withoutGates = action === "publish";
  return { snapshot, from, by: who, reason, withoutGates, isRollback: action === "rollback" };
}

async function movesOf(context: Ports<"history" | "mirror">): Promise<readonly HistoryEntry[]> {
  const history = await readHistory(context);
  return "unreadable" in history ? [] : history.filter(isMove);
}

/** Newest first. A move that the history does not have is one by hand, or by a run that was killed. */
const lastMoveTo = (snapshot: string, [newest]: readonly HistoryEntry[]): HistoryEntry | undefined =>
  newest?.to === snapshot ? newest : undefined;

function failedGatesOf(status: StandingStatus): SeenMirror["failedGates"] {
  const failed = status.concerns.find((concern) => concern.kind === "gates-failed");
  const staged = shownBy("staging", status);
  return failed === undefined || staged === undefined
    ? undefined
    : { snapshot: staged.snapshot, gates: failed.gates };
}

function expiryOf(concern: Concern, status: StandingStatus): SeenMirror["expiring"] {
  if (concern.kind !== "release-expiring" && concern.kind !== "release-expired") return [];
  const { link, validUntil } = concern;
  const snapshot = status[link]?.name ?? "";
  const hasExpired = concern.kind === "release-expired";
  return [{ link, snapshot, validUntil: validUntil.toISOString(), hasExpired }];
}

function damageOf(concern: Concern): SeenMirror["damaged"] {
  if (concern.kind === "snapshot-damaged")
    return [{ tree: concern.name, shownAs: concern.shownAs, files: concern.files }];
  return concern.kind === "working-mirror-damaged"
    ? [{ tree: workingMirrorName, shownAs: [], files: concern.files }]
    : [];
}

/** Looks at the file systems that the mirrors write to, each once. */
export function observeDisks(contexts: readonly Ports<"mirror" | "layout">[]): readonly SeenDisk[] {
  const disks = new Map<number, { path: string; mirrors: Set<string> }>();
  for (const { mirror, layout } of contexts) {
    // The folder of all mirrors: a disk has the same name in each run.
    for (const path of [layout.dir, mirror.snapshot.path]) {
      const device = statIfAny(nearestExisting(path))?.dev ?? 0;
      disks.getOrInsertComputed(device, () => ({ path, mirrors: new Set() })).mirrors.add(mirror.id);
    }
  }
  return [...disks.values()].map(({ path, mirrors }) => {
    const { bytes, inodes } = freeSpace(path);
    return {
      path,
      mirrors: [...mirrors],
      freeBytes: bytes,
      freeInodes: inodes,
      freeShare: freeShare(path),
    };
  });
}
