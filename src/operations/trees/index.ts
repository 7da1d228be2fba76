/** The trees of a mirror that verbs read: found by a name, opened, and compared by their packages. */
export { compareTrees } from "./compare-trees.ts";
export { type FoundTree, findTree, misreadNameFault, treeOfSnapshot } from "./find-tree.ts";
export { isForMachines } from "./for-machines.ts";
export { openFoundTree, openPackages } from "./open-packages.ts";
export { requireSnapshot } from "./require-snapshot.ts";
export { requireStaged } from "./require-staged.ts";
export { type OpenedTree, placeOf, type TreePackages } from "./tree-packages.ts";
