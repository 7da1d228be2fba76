/**
 * Snapshots: named trees that never change, what is known of them, and which of them to keep.
 * Knows nothing of upstreams, signatures' validity, or public names.
 */
export { type CarriedFiles, readCarried, writeCarried } from "./carried.ts";
export {
  openCatalog,
  type Snapshot,
  type SnapshotCatalog,
  type SnapshotOrigin,
} from "./catalog.ts";
export { contentsOf, haveSameContents } from "./contents-of.ts";
export {
  describeTree,
  findReleases,
  type ReleaseDescription,
  readReleaseIfAny,
  readReleases,
  readSuiteRelease,
  type TreeDescription,
} from "./description.ts";
export { SnapshotError } from "./errors.ts";
export { linkOrCopyDurably } from "./link-or-copy-durably.ts";
export { type MendingRoom, openMendingRoom, ownCarried } from "./mend.ts";
export {
  applyRetention,
  type KeepClaim,
  type KeepReason,
  type RetentionCandidate,
  type RetentionDecision,
  type RetentionRules,
} from "./retention.ts";
export { draftTree, type TreeDraft, walkOwnPaths, walkPaths } from "./tree.ts";
export { measureUsage, type SnapshotUsage } from "./usage.ts";
