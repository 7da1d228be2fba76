import { sep } from "node:path";
import { hasCode } from "../../errors.ts";
import { makeTemporaryDirectory } from "../../platform/files.ts";
import { mapBounded } from "../../platform/flow/map-bounded.ts";
import { realPathIfAny } from "../../platform/look.ts";
import { relaxHeap } from "../../platform/machine/heap.ts";
import { removeTree } from "../../platform/remove-tree.ts";
import { StoreError, type SyncMemory } from "../../store/index.ts";
import type { MirrorContext } from "../context.ts";
import {
  checkDirectories,
  keepable,
  type SyncOptions,
  type SyncPorts,
  startLook,
  warnOfTrustGivenUp,
} from "../sync/index.ts";
import type { SyncEstimate } from "./dry-run-context.ts";
import { estimate } from "./estimate.ts";
import type { Forecast } from "./forecast.ts";
import { shortagesTogether } from "./together.ts";

export type DryRunOutcome =
  | ({ readonly kind: "estimated"; readonly mirror: string } & SyncEstimate)
  | { readonly kind: "failed"; readonly mirror: string; readonly error: unknown };

export type DryRunOptions = Pick<SyncOptions, "noPgpCheck" | "found">;

export interface DryRun {
  /** In the order of the mirrors. */
  readonly outcomes: readonly DryRunOutcome[];
  /** True if each mirror fits, and all of them together. */
  readonly fits: boolean;
}

/** The ports of a dry run: none of them can change anything on disk. */
export type ReadOnlyMirror = Pick<
  MirrorContext,
  "mirror" | "layout" | "signal" | "now" | "emit" | "decoderCommands" | "invokerFiles"
> & {
  readonly working: Pick<MirrorContext["working"], "current">;
  readonly memory: Pick<SyncMemory, "read" | "damagedGeneration">;
  readonly objects: Pick<MirrorContext["objects"], "find" | "mayHold">;
  readonly catalog: Pick<MirrorContext["catalog"], "ofGeneration">;
};

const mirrorsAtOnce = 4;

/**
 * Estimates what syncs of these mirrors would download, and whether it fits. Takes no lock, so that it works during a sync
 * and for a user who may not write. Downloads only indices, into a temporary directory outside `dir`.
 */
export async function estimateMirrors<Mirror extends ReadOnlyMirror>(
  mirrors: readonly Mirror[],
  openPorts: (mirror: Mirror) => Promise<SyncPorts>,
  options: DryRunOptions,
): Promise<DryRun> {
  relaxHeap();
  if (options.found !== undefined) checkDirectories(options.found.directories, mirrors);
  const runs = await mapBounded(mirrors, mirrorsAtOnce, async (mirror) => {
    mirror.emit({ type: "sync-started" });
    try {
      return await estimateMirror(mirror, await openPorts(mirror), options);
    } catch (error) {
      // The caller reports an interruption, once for all mirrors.
      const isReason = mirror.signal.aborted && error === mirror.signal.reason;
      if (!isReason) mirror.emit({ type: "sync-failed", error });
      return { kind: "failed", mirror, error } as const;
    }
  });
  const estimates = runs.filter((run) => run.kind === "estimated");
  const fits = estimates.every(({ estimated }) => estimated.shortages.length === 0);
  return { outcomes: runs.map(outcomeOf), fits: fits && fitTogether(estimates) };
}

type Run =
  | EstimatedRun
  | { readonly kind: "failed"; readonly mirror: ReadOnlyMirror; readonly error: unknown };

function outcomeOf(run: Run): DryRunOutcome {
  const { kind, mirror } = run;
  const { id } = mirror.mirror;
  return kind === "failed" ? { kind, mirror: id, error: run.error } : { kind, mirror: id, ...run.estimated };
}

interface EstimatedRun {
  readonly kind: "estimated";
  readonly mirror: ReadOnlyMirror;
  readonly freeSpace: SyncPorts["freeSpace"];
  readonly estimated: SyncEstimate;
  readonly forecast: Forecast;
}

function fitTogether(runs: readonly EstimatedRun[]): boolean {
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0) return true;
  const { mirror, freeSpace } = first;
  const forecasts = runs.map(({ forecast }) => forecast);
  const shortages = shortagesTogether({ layout: mirror.layout, freeSpace }, forecasts);
  const ids = runs.map((run) => run.mirror.mirror.id);
  for (const { path, ...shortage } of shortages)
    mirror.emit({ type: "space-lacking", path, shortage, mirrors: ids });
  return shortages.length === 0;
}

async function estimateMirror(
  mirror: ReadOnlyMirror,
  ports: SyncPorts,
  options: DryRunOptions,
): Promise<EstimatedRun> {
  const { layout, objects, emit } = mirror;
  const look = startLook({ ...mirror, memory: whereReadable(mirror.memory) }, ports, options);
  warnOfTrustGivenUp(look);
  emit({ type: "dry-run-started" });
  const temporary = makeTemporaryDirectory(outside(layout.dir, ports.tempDir));
  try {
    const { freeSpace } = ports;
    // Does not ask the history: opening it may roll back an unfinished write.
    const keepsSnapshot = (): boolean => keepable(mirror).length > 0;
    const context = { ...look, layout, objects, keepsSnapshot, freeSpace, temporary, found: options.found };
    const { estimated, forecast } = await estimate(context);
    const { sizeBytes, missingBytes, freeBytes, reusable } = estimated;
    if (reusable !== undefined) emit({ type: "files-reusable", ...reusable });
    emit({ type: "disk-space-estimated", sizeBytes, missingBytes, freeBytes });
    for (const need of estimated.needs) emit({ type: "space-needed", ...need });
    for (const { path, ...shortage } of estimated.shortages)
      emit({ type: "space-lacking", path, shortage, mirrors: [mirror.mirror.id] });
    return { kind: "estimated", mirror, freeSpace, estimated, forecast };
  } finally {
    await removeTree(temporary);
  }
}

/** Only the owner may read the state. For others the last sync is unknown, and everything is requested. */
const whereReadable = (memory: ReadOnlyMirror["memory"]): ReadOnlyMirror["memory"] => ({
  read: () => unlessForbidden(() => memory.read()),
  damagedGeneration: () => unlessForbidden(() => memory.damagedGeneration()),
});

function unlessForbidden<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!hasCode(error, "EACCES")) throw error;
    return undefined;
  }
}

function outside(dir: string, tempDir: string): string {
  const [outer, inner] = [realPathIfAny(dir) ?? dir, realPathIfAny(tempDir) ?? tempDir];
  if (!`${inner}${sep}`.startsWith(outer + sep)) return tempDir;
  throw new StoreError("TEMPORARY_IN_DIR", `${tempDir}, where temporary files belong, is inside ${dir}`, {
    hint: "A dry run makes nothing there. Set TMPDIR to a directory outside, such as /var/tmp.",
  });
}
