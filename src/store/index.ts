/**
 * The store: one copy of every file, named by SHA-256, unfinished downloads, and the state that a sync leaves for the next.
 * Knows nothing about upstreams, signatures, or the meaning of a tree.
 */

export type { ReceivedBytes } from "./adopt.ts";
export { type ChangelogCache, openChangelogCache } from "./changelog-cache.ts";
export { StoreError } from "./errors.ts";
export { type FirstSeen, openFirstSeen } from "./first-seen.ts";
export {
  type FoundInstallable,
  type InstallabilityMemory,
  openInstallabilityMemory,
} from "./installability-memory.ts";
export { type Found, findDigests, isListed } from "./keeping/keep.ts";
export { Keeper } from "./keeping/keeper.ts";
export { createObjectStore, type ObjectLinker, type ObjectReader, type ObjectStore } from "./object-store.ts";
export {
  bytesOf,
  mayBeContinued,
  PartialFile,
  partialName,
  partialPath,
  type Received,
} from "./partial-file.ts";
export { type SweepReport, sweepObjects, sweepSome } from "./sweep.ts";
export {
  type LackedFile,
  openSyncMemory,
  type SentBytes,
  type SyncMemory,
  type SyncState,
} from "./sync-memory.ts";
export { sharesSpace } from "./taking/shares-space.ts";
export { takeFiles } from "./taking/take-files.ts";
export type { TakeOutcome, Way } from "./taking/taking.ts";
