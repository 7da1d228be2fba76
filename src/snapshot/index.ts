/**
 * Trees of hard links, and snapshots: named trees that never change, with their records, and which of them to keep.
 * Does not know upstreams, whether signatures are valid, or public names.
 */
export { type CarriedFiles, readCarried, writeCarried } from "./carried.ts";
export {
  type DuringRemoval,
  openCatalog,
  type Snapshot,
  type SnapshotCatalog,
  type SnapshotGlance,
} from "./catalog.ts";
export type { SnapshotOrigin } from "./describe-snapshot.ts";
export {
  describeTree,
  findReleases,
  isBinaryPackage,
  type ReleaseDescription,
  readReleaseIfAny,
  readReleases,
  readSuiteRelease,
  type TreeDescription,
} from "./description.ts";
export { type GenerationDifference, keepDifference, pathsLeaving } from "./differences.ts";
export { type DraftTreeList, draftTreeList } from "./draft-tree-list.ts";
export { nameInvalid, SnapshotError } from "./errors.ts";
export { insideOf } from "./inside-tree.ts";
export { linkOrCopyDurably } from "./link-or-copy-durably.ts";
export { type MendingRoom, openMendingRoom, ownCarried } from "./mend.ts";
export { readMeta } from "./meta-file.ts";
export type { Pin } from "./pins.ts";
export {
  applyRetention,
  type KeepClaim,
  type KeepReason,
  type RetentionCandidate,
  type RetentionDecision,
  type RetentionRules,
} from "./retention.ts";
export { contentsOf, haveSameContents } from "./same-contents.ts";

export {
  bringUpToDate,
  directoriesOf,
  hasDirectoriesFor,
  holdsExactly,
  type IsObject,
  isSameFile,
  makeAlike,
} from "./spare-tree.ts";
export { readTestRecords, writeTestRecord } from "./test-records.ts";

export {
  draftTree,
  removeFromTree,
  type TreeDraft,
  walkInGroups,
  walkOwnInGroups,
  walkOwnPaths,
  walkPaths,
} from "./tree.ts";
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
} from "./tree-list.ts";
export {
  measureByRecords,
  measureUsage,
  objectsHeldBy,
  type SnapshotUsage,
  TreesByGeneration,
} from "./usage.ts";
