/** `snapshot diff`: how the packages of two trees of a mirror differ. */
export { type DiffOptions, diffTrees, type TreeDifference } from "./diff-trees.ts";
export { type FoundTree, findTree } from "./find-tree.ts";
export { openFoundTree } from "./open-packages.ts";
export type { OpenedTree } from "./tree-packages.ts";
