/**
 * Snapshots: named trees that never change, what is known of them, and which of them to keep.
 * Knows nothing of upstreams, signatures' validity, or public names.
 */
export { type CarriedFiles, readCarried } from "./carried.ts";
export { type CarryOptions, carryOver, dropExpired } from "./carry.ts";
export {
  openCatalog,
  type Snapshot,
  type SnapshotCatalog,
  type SnapshotOrigin,
} from "./catalog.ts";
export {
  describeTree,
  type ReleaseDescription,
  readReleases,
  readSuiteRelease,
  type TreeDescription,
} from "./description.ts";
export { SnapshotError } from "./errors.ts";
export { type MendingRoom, openMendingRoom, ownCarried } from "./mend.ts";
export {
  applyRetention,
  type RetentionCandidate,
  type RetentionDecision,
  type RetentionRules,
} from "./retention.ts";
export { draftTree, type TreeDraft, walkOwnPaths, walkPaths } from "./tree.ts";
export { measureUsage, type SnapshotUsage } from "./usage.ts";
