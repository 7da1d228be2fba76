/**
 * What a tree contains: its suites, the indices that it holds, the files that these list, and the packages with any of
 * their fields. Reads an open tree on any kind of storage, and checks the bytes of each index. Does not know upstreams,
 * stores, snapshots or public names.
 */

export { type Contents, type ContentsReading, openContents, type SuiteContents } from "./contents.ts";
export {
  expectedForms,
  expectedIndices,
  namesOfForm,
  type ReleasedSuite,
} from "./expected-indices.ts";
export { type HeldForm, type HeldIndex, holdIndex, listsFiles } from "./held-index.ts";
export type { ListedFiles, UnnamedPackage } from "./list-files.ts";
export { filesOf } from "./listed-package.ts";
export { isListingOf } from "./listing/is-listing-of.ts";
export { type EarlierListing, listChanges } from "./listing/list-changes.ts";
export { listPlainly } from "./listing/list-plainly.ts";
export { ListingRecorder } from "./listing/listing-recorder.ts";
export {
  MissingReleaseError,
  openRecordedTree,
  openUnrecordedTree,
  recordedReading,
} from "./open-recorded-tree.ts";
export type { PackageRecord } from "./package-records.ts";
export { readRelease } from "./read-release.ts";
export { type Differing, readDiffering, type StanzaReading } from "./selected/read-differing.ts";
export { readNamed } from "./selected/read-named.ts";
export { type TreeFacts, treeFactsIfAny } from "./tree-facts.ts";
export type { TreeFiles } from "./tree-files.ts";
export { openTreeOnDisk, smallFilesOnDisk } from "./tree-on-disk.ts";
