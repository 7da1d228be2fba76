/**
 * The store: one copy of every file, named by SHA-256, and downloads on their way into it.
 * Knows nothing of upstreams, signatures, or what a tree means.
 */
export { StoreError } from "./errors.ts";
export { createObjectStore, type ObjectLinker, type ObjectReader, type ObjectStore } from "./object-store.ts";
export { PartialFile, partialName, partialPath, type ReceivedFile } from "./partial-file.ts";
export { type SweepReport, sweepObjects } from "./sweep.ts";
export {
  type LackedFile,
  openSyncMemory,
  type SentBytes,
  type SyncMemory,
  type SyncState,
} from "./sync-memory.ts";
