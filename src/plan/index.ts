/**
 * What a tree should hold: the indices of the selection, the packages that pass the filters, and the files of both, each
 * path once. Pure: does not know disks, upstreams or signatures.
 */
export { findVariantsLeftOut, isVariant, isVariantOf, type VariantLeftOut } from "./architecture-variants.ts";
export {
  differingIndices,
  digestIndices,
  type IndexDigests,
  listsPackages,
  type SuiteOfTree,
} from "./differing-indices.ts";
export { FilePlan, type Listing } from "./file-plan.ts";
export {
  countsVersions,
  filterPackages,
  filtersPackages,
  type PackageFilters,
  type PackageIdentity,
} from "./filter-packages.ts";
export { byHashPaths } from "./index-forms.ts";
export { type IndexKind, optionOf } from "./index-kinds.ts";
export {
  type ComparedIndex,
  comparedBytesMax,
  type IndexDifference,
  type IndexListing,
  type LineRange,
  type NewStanza,
  type ReadIndex,
} from "./index-listing.ts";
export { filesIn, formatLine, formatRepeated, LineCursor, type LineOrigin, pathsIn } from "./list-lines.ts";
export { ListedPlan } from "./listed-plan.ts";
export type { SuiteMetadata } from "./metadata-paths.ts";
export { PlainPlan } from "./plain-plan.ts";
export {
  ChosenFiles,
  type PlannedFile,
  type PlannedFiles,
  plannedFiles,
  type TreePlan,
} from "./planned-files.ts";
export { selectAllIndices, selectIndices, selectMirrorIndices } from "./select-indices.ts";
export type {
  IndexSelection,
  ListedForm,
  MirrorSelection,
  Selection,
  SuiteNote,
  WantedIndex,
} from "./selection.ts";
export {
  addSpace,
  countDirectoriesOf,
  type FreeSpace,
  noSpace,
  type Shortage,
  type Space,
  shortagesOf,
  spaceOfDirectories,
  spaceOfFiles,
  subtractSpace,
} from "./space.ts";
export { differenceOf, type HeldFile, type TreeDifference } from "./tree-difference.ts";
export { type EarlierPlan, type IndexChanges, type UpdatedPlan, updatePlan } from "./update-plan.ts";
