import type { MirrorConfig } from "../../config/index.ts";
import type { FreeSpace } from "../../plan/index.ts";
import type { WorkingMirror } from "../../publish/index.ts";
import type { LackedFile, SyncMemory, SyncState } from "../../store/index.ts";
import { redactUrl, type Upstream } from "../../upstream/index.ts";
import type { MirrorContext } from "../context.ts";
import { Downloads } from "./files/downloads.ts";

export interface SyncOptions {
  /** Replace a snapshot of the same name. */
  readonly force: boolean;
  /** On top of the mirror's own no_pgp_check. */
  readonly noPgpCheck: boolean;
}

/** What a sync has beyond the other verbs. */
export interface SyncPorts {
  readonly upstream: Upstream;
  readonly freeSpace: (path: string) => FreeSpace;
  /** Where temporary files belong, outside `dir`. */
  readonly tempDir: string;
  /** Waits between attempts on an upstream that changes while it is read. */
  readonly pause: (waitMs: number, signal: AbortSignal) => Promise<void>;
  readonly maxConns: number;
}

/** What of a mirror can be read, and how it is told. */
export interface MirrorReader
  extends Pick<MirrorContext, "mirror" | "signal" | "now" | "emit" | "decoderCommands" | "invokerFiles"> {
  readonly working: Pick<WorkingMirror, "current">;
  readonly memory: Pick<SyncMemory, "read" | "damagedGeneration">;
}

/** What it takes to read an upstream, beside what is held of it. Nothing in it changes anything on disk. */
export interface LookContext extends MirrorReader, Pick<SyncPorts, "upstream" | "pause" | "maxConns"> {
  readonly pgpCheck: boolean;
  readonly state: SyncState | undefined;
  /** What of the configuration decides what is in the tree, as text to compare. */
  readonly selection: string;
  readonly downloads: Downloads;
  /** What was asked for a moment ago and is not to be asked for again, by path. */
  readonly stillLacked: ReadonlyMap<string, LackedFile>;
}

export interface SyncContext extends MirrorContext, SyncPorts, Omit<LookContext, keyof MirrorContext> {
  readonly options: SyncOptions;
}

export function startSync(context: MirrorContext, ports: SyncPorts, options: SyncOptions): SyncContext {
  const look = startLook(context, ports, options);
  return { ...look, ...ports, ...context, options };
}

export function startLook(
  { mirror, working, memory, signal, now, emit, decoderCommands, invokerFiles }: MirrorReader,
  { upstream, pause, maxConns }: SyncPorts,
  { noPgpCheck }: Pick<SyncOptions, "noPgpCheck">,
): LookContext {
  const state = memory.read();
  const selection = selectionOf(mirror);
  return {
    mirror,
    working,
    memory,
    signal,
    now,
    emit,
    decoderCommands,
    invokerFiles,
    upstream,
    pause,
    maxConns,
    state,
    selection,
    downloads: new Downloads({ upstream, signal, now, emit }),
    stillLacked: new Map(),
    pgpCheck: mirror.pgpCheck && !noPgpCheck,
  };
}

/** The URLs without credentials: a new password brings nothing new. */
function selectionOf(mirror: MirrorConfig): string {
  const { suites, sections, architectures, source, kinds, filters, allow } = mirror;
  return JSON.stringify({
    urls: mirror.urls.map(redactUrl),
    suites,
    sections,
    architectures,
    source,
    kinds,
    keepVersions: filters.keepVersions,
    excludePatterns: filters.excludePatterns.map(String),
    allowMissing: allow.missing,
    allowWeak: allow.weak,
  });
}
