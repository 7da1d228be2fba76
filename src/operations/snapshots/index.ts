/** The stories of `snapshot create`, `list`, `pin`, `delete` and `prune`. */
export { type CreateOptions, createSnapshot, createUnlocked } from "./create-snapshot.ts";
export { type DeleteOutcome, deleteSnapshots, endRemovals, freeSpace } from "./delete-snapshots.ts";
export { type ListedSnapshot, listSnapshots } from "./list-snapshots.ts";
export { type PinnedSnapshot, pinSnapshot, unpinSnapshot } from "./pin-snapshot.ts";
export { type PruneOptions, type PruneOutcome, pruneEach, pruneUnlocked } from "./prune-snapshots.ts";
export { treesOf } from "./trees-of.ts";
