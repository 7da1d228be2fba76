/** The story of `snapshot import`: trees that other tools, or an earlier mirrorctl, left on this disk become snapshots. */
export { type ImportedTree, type ImportSnapshotsOptions, importSnapshots } from "./import-snapshots.ts";
