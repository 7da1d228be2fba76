import type { MirrorContext } from "../context.ts";
import type { SyncPorts } from "../sync/index.ts";

export interface VerifyPorts {
  /** Every mirror of the configuration: they share a store, and so files. */
  readonly mirrors: readonly MirrorContext[];
  /** Only asked for where something has to be repaired. */
  openSyncPorts(context: MirrorContext): Promise<SyncPorts>;
}
