/** What operations report while they work, as facts. Renderers make text, JSON or bars of them. */
import type { DownloadEvent } from "./events/download.ts";
import type { GateEvent } from "./events/gates.ts";
import type { HistoryEvent, HistoryRunEvent, MetricsRunEvent } from "./events/history.ts";
import type { NotifyEvent } from "./events/notifications.ts";
import type { ProductionEvent } from "./events/production.ts";
import type { ReleaseEvent } from "./events/release.ts";
import type { SnapshotEvent } from "./events/snapshot.ts";
import type { SyncEvent, SyncSummary } from "./events/sync.ts";
import type { VerifyEvent } from "./events/verify.ts";

export type { CompanionProblem } from "./events/release.ts";
export type { KeptBecause } from "./events/snapshot.ts";
export type { ExportLabel, SyncSummary } from "./events/sync.ts";

/** An event of one mirror, without saying which. */
export type MirrorNews =
  | SyncEvent
  | ReleaseEvent
  | DownloadEvent
  | SnapshotEvent
  | ProductionEvent
  | VerifyEvent
  | GateEvent
  | HistoryEvent;

export type MirrorEvent = MirrorNews & { readonly mirror: string };

/** The command line that usually follows. */
export interface NextStep {
  readonly type: "next-step";
  readonly command: string;
}

/** An event of a run as a whole. */
export type RunEvent = SyncSummary | HistoryRunEvent | MetricsRunEvent | NotifyEvent | NextStep;

export type Emit = (event: MirrorEvent) => void;
export type EmitRun = (event: RunEvent) => void;
