/** `snapshot diff`: how the packages of two trees of a mirror differ. */
export { type DiffOptions, diffTrees, type TreeDifference } from "./diff-trees.ts";
