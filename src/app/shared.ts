import type { Config } from "../config/index.ts";
import { actAsOwner, type Worker } from "../operations/site-owner.ts";
import { Turns } from "../platform/flow/turns.ts";
import type { Machine } from "../platform/machine/host.ts";
import type { Emit, EmitRun } from "../report/events.ts";
import type { Timeouts } from "../upstream/index.ts";
import { SharedConnections } from "./connections.ts";

/** What all runs of an app share. */
export interface Shared {
  readonly config: Config;
  readonly machine: Machine;
  readonly worker: Worker;
  readonly connections: SharedConnections;
  /** Of downloads, by content: bytes that several mirrors need at a time are downloaded once. */
  readonly turns: Turns;
  /** In place of the usual patience with upstreams. */
  readonly timeouts: Timeouts | undefined;
}

/** Opens what all runs share. As root, the process becomes the user that `dir` belongs to. */
export const openShared = (config: Config, machine: Machine, timeouts?: Timeouts): Shared => ({
  config,
  machine,
  worker: actAsOwner(config, machine),
  connections: new SharedConnections(),
  turns: new Turns(),
  timeouts,
});

/** Who asks for a run, how it is stopped, and who hears of it. */
export interface Caller {
  /** For the history and for locks. */
  readonly who: string;
  /**
   * Ends the run once it is aborted, for any reason. The run rejects with the reason; `sync`, `dryRun` and `prune` return
   * outcomes that have it. Nothing is begun after that.
   */
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** Hears of what concerns no single mirror. Unset: nobody does. */
  readonly emitRun?: EmitRun;
}
