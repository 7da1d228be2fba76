/**
 * What a tree should hold: which of the files that a Release lists, which packages, and the files of all of them,
 * each path once. Pure; knows nothing of disks, upstreams or signatures.
 */
export { findVariantsLeftOut, type VariantLeftOut, variantOfIndex } from "./architecture-variants.ts";
export { byHashPaths } from "./by-hash.ts";
export { differingIndices, type SuiteOfTree } from "./differing-indices.ts";
export { FilePlan, type Listing, type PlannedFile } from "./file-plan.ts";
export {
  filterPackages,
  filtersPackages,
  type PackageFilters,
  type PackageIdentity,
} from "./filter-packages.ts";
export type { SuiteMetadata } from "./metadata-paths.ts";
export { selectAllIndices, selectIndices, selectMirrorIndices } from "./select-indices.ts";
export type {
  IndexKind,
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
