import type { KnownDamage } from "../../../history/index.ts";
import type { Keyring } from "../../../trust/index.ts";
import type { MirrorContext } from "../../context.ts";
import type { SyncPorts } from "../../sync/index.ts";
import type { InodeDigests } from "./inode-digests.ts";

/** One run of a verification, over any number of trees of a mirror. */
export interface Verification {
  readonly context: MirrorContext;
  readonly digests: InodeDigests;
  /** Read every file; else only what decides which files there are. */
  readonly deep: boolean;
  /** With `deep`: compare with every listed digest, and not only with those that decide. */
  readonly allDigests: boolean;
  /** Undefined where the mirror's signatures are not checked. */
  readonly keyring: Keyring | undefined;
  /** By name: the trees of the mirror that earlier runs found damaged. */
  readonly known: ReadonlyMap<string, KnownDamage>;
}

/** What it is handed beside its mirror. */
export interface VerifyPorts {
  /** Every mirror of the configuration: they share a store, and so files. */
  readonly mirrors: readonly MirrorContext[];
  /** Only asked for where something has to be repaired. */
  openSyncPorts(context: MirrorContext): Promise<SyncPorts>;
}
