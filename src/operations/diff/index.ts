/** `snapshot diff`: how the packages of two trees of a mirror differ. */
export {
  type Comparison,
  type ComparisonPorts,
  compareWithProduction,
} from "./compare-with-production.ts";
export { type DiffOptions, diffTrees, type TreeDifference } from "./diff-trees.ts";
