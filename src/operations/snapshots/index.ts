/** The stories of `snapshot create`, `list`, `delete` and `prune`. */
export { createSnapshot, createUnlocked } from "./create-snapshot.ts";
export { deleteSnapshots, freeSpace } from "./delete-snapshots.ts";
export { type ListedSnapshot, listSnapshots } from "./list-snapshots.ts";
export { pruneSnapshots, pruneUnlocked } from "./prune-snapshots.ts";
