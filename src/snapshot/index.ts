/**
 * Trees of hard links, and snapshots: named trees that never change, with their records, and which of them to keep.
 * Does not know upstreams, whether signatures are valid, or public names.
 */

export {
  type DuringRemoval,
  openCatalog,
  type Snapshot,
  type SnapshotCatalog,
  type SnapshotGlance,
} from "./catalog.ts";
export type { SnapshotOrigin } from "./describe-snapshot.ts";
export { type GenerationDifference, keepDifference, pathsLeaving } from "./differences.ts";
export { nameInvalid, SnapshotError } from "./errors.ts";
export { type MendingRoom, openMendingRoom, ownCarried } from "./mend.ts";
export { readMeta } from "./records/meta-file.ts";
export type { Pin } from "./records/pins.ts";
export { contentsOf, haveSameContents } from "./records/same-contents.ts";
export { readTestRecords, writeTestRecord } from "./records/test-records.ts";
export {
  applyRetention,
  type KeepClaim,
  type KeepReason,
  type RetentionCandidate,
  type RetentionDecision,
  type RetentionRules,
} from "./retention.ts";
export { type CarriedFiles, readCarried, writeCarried } from "./trees/carried.ts";
export {
  describeTree,
  findReleases,
  isBinaryPackage,
  type ReleaseDescription,
  readReleaseIfAny,
  readReleases,
  readSuiteRelease,
  type TreeDescription,
} from "./trees/description.ts";
export { type DraftTreeList, draftTreeList } from "./trees/draft-tree-list.ts";
export { insideOf } from "./trees/inside-tree.ts";
export { linkOrCopyDurably } from "./trees/link-or-copy-durably.ts";
export {
  bringUpToDate,
  directoriesOf,
  hasDirectoriesFor,
  holdsExactly,
  type IsObject,
  isSameFile,
  makeAlike,
} from "./trees/spare-tree.ts";

export {
  draftTree,
  removeFromTree,
  type TreeDraft,
  walkInGroups,
  walkOwnInGroups,
  walkOwnPaths,
  walkPaths,
} from "./trees/tree.ts";
export {
  type HeldName,
  hasTreeList,
  type ListedCounts,
  type ReadTreeList,
  type ReadTreeListing,
  readTreeList,
  removeTreeList,
  type TreeList,
  type TreeListing,
  treeListOf,
} from "./trees/tree-list.ts";
export {
  measureByRecords,
  measureUsage,
  objectsHeldBy,
  type SnapshotUsage,
  TreesByGeneration,
} from "./usage.ts";
