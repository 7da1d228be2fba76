/**
 * How the packages of two trees differ: added, removed, upgraded, downgraded, rebuilt, other bytes at the same version, or
 * moved; grouped by source. Pure: lists of packages in, values out. Does not know how trees are read, or what they are for.
 */
export type { BuiltUsing } from "./built-using.ts";
export {
  type ChangeCounts,
  type ChangeKind,
  changeKinds,
  type IndexChange,
  type Place,
  riskyKinds,
} from "./change.ts";
export { IndexComparison } from "./index-comparison.ts";
export { kindOf } from "./kind-of.ts";
export { type NewSource, newSources } from "./new-sources.ts";
export {
  binaryFields,
  type PackageBuild,
  readBinaryBuild,
  readSourceBuild,
  type SourceVersion,
  sourceFields,
  sourceOf,
  sourcePaths,
} from "./package-build.ts";
export { combineChanges, type PackageChange, type SourceChanges, type TreeChanges } from "./tree-changes.ts";
