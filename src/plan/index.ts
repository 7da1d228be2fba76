/**
 * What a tree should hold: the indices of the selection, the packages that pass the filters, and the files of both, each
 * path once. Pure: does not know disks, upstreams or signatures.
 */

export { FilePlan, type Listing } from "./files/file-plan.ts";
export {
  type ComparedIndex,
  comparedBytesMax,
  type IndexDifference,
  type IndexListing,
  type LineRange,
  type NewStanza,
  type ReadIndex,
} from "./files/index-listing.ts";
export {
  filesIn,
  formatLine,
  formatRepeated,
  LineCursor,
  type LineOrigin,
  pathsIn,
} from "./files/list-lines.ts";
export { ListedPlan } from "./files/listed-plan.ts";
export type { SuiteMetadata } from "./files/metadata-paths.ts";
export { PlainPlan } from "./files/plain-plan.ts";
export {
  ChosenFiles,
  type PlannedFile,
  type PlannedFiles,
  plannedFiles,
  type TreePlan,
} from "./files/planned-files.ts";
export { SoughtTexts } from "./files/sought-texts.ts";
export { differenceOf, type HeldFile, type TreeDifference } from "./files/tree-difference.ts";
export { type EarlierPlan, type IndexChanges, type UpdatedPlan, updatePlan } from "./files/update-plan.ts";
export {
  countsVersions,
  filterPackages,
  filtersPackages,
  type PackageFilters,
  type PackageIdentity,
} from "./filter-packages.ts";
export {
  findVariantsLeftOut,
  isVariant,
  isVariantOf,
  type VariantLeftOut,
} from "./indices/architecture-variants.ts";
export {
  differingIndices,
  digestIndices,
  type IndexDigests,
  listsPackages,
  type SuiteOfTree,
} from "./indices/differing-indices.ts";
export { byHashPaths } from "./indices/index-forms.ts";
export { type IndexKind, optionOf } from "./indices/index-kinds.ts";
export { selectAllIndices, selectIndices, selectMirrorIndices } from "./indices/select-indices.ts";
export type {
  IndexSelection,
  ListedForm,
  MirrorSelection,
  Selection,
  SuiteNote,
  WantedIndex,
} from "./indices/selection.ts";
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
