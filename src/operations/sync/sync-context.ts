import type { MirrorConfig } from "../../config/index.ts";
import type { FreeSpace } from "../../plan/index.ts";
import type { Turns } from "../../platform/flow/turns.ts";
import type { WorkingMirror } from "../../publish/index.ts";
import type { SyncMemory, SyncState } from "../../store/index.ts";
import { redactUrl, type Upstream } from "../../upstream/index.ts";
import type { MirrorContext } from "../context.ts";
import { Downloads } from "./files/downloads.ts";
import type { FoundDirectories } from "./found/found-directories.ts";

export interface SyncOptions {
  /** Counts a mirror that another run works on as a success: that run does the work. */
  readonly ifIdle?: boolean;
  /** Replaces a snapshot of the same name. */
  readonly force: boolean;
  /** Checks no signatures, as the mirror's own no_pgp_check does. */
  readonly noPgpCheck: boolean;
  /** Where files may lie that are used in place of downloads. */
  readonly found?: FoundDirectories | undefined;
  /** The directory of a copy of upstream, which is read in place of it. For a single mirror. */
  readonly from?: string | undefined;
}

/** What a sync needs beyond other verbs. */
export interface SyncPorts {
  readonly upstream: Upstream;
  readonly freeSpace: (path: string) => FreeSpace;
  /** The directory for temporary files, outside `dir`. */
  readonly tempDir: string;
  /** Waits between attempts on an upstream that changes while it is read. */
  readonly pause: (waitMs: number, signal: AbortSignal) => Promise<void>;
  readonly maxConns: number;
  /** By content: syncs that need the same bytes take turns at downloading them. */
  readonly turns: Turns;
}

/** What a reader gets of a mirror: nothing that changes anything on disk. */
export interface MirrorReader
  extends Pick<MirrorContext, "mirror" | "signal" | "now" | "emit" | "decoderCommands" | "invokerFiles"> {
  readonly working: Pick<WorkingMirror, "current">;
  readonly memory: Pick<SyncMemory, "read" | "damagedGeneration">;
}

/** What is needed to read an upstream beside what is held of it. Nothing in it changes anything on disk. */
export interface LookContext extends MirrorReader, Pick<SyncPorts, "upstream" | "pause" | "maxConns"> {
  readonly pgpCheck: boolean;
  readonly state: SyncState | undefined;
  /** The part of the configuration that decides what is in the tree, as text to compare. */
  readonly selection: string;
  /** For listed files: each is checked. */
  readonly downloads: Downloads;
}

export interface SyncContext extends MirrorContext, SyncPorts, Omit<LookContext, keyof MirrorContext> {
  readonly found: FoundDirectories | undefined;
}

export function startSync(
  context: MirrorContext,
  ports: SyncPorts,
  options: Pick<SyncOptions, "noPgpCheck" | "found">,
): SyncContext {
  return { ...startLook(context, ports, options), ...ports, ...context, found: options.found };
}

export function startLook(
  { mirror, working, memory, signal, now, emit, decoderCommands, invokerFiles }: MirrorReader,
  { upstream, pause, maxConns, turns }: SyncPorts,
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
    downloads: new Downloads({ upstream, turns, signal, now, emit }),
    pgpCheck: mirror.pgpCheck && !noPgpCheck,
  };
}

/** URLs are taken without credentials: a new password changes nothing in the tree. */
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
    keepSourceVersions: filters.keepSourceVersions,
    excludePatterns: filters.excludePatterns.map(String),
    allowMissing: allow.missing,
    allowWeak: allow.weak,
  });
}
