import { MirrorctlError } from "../errors.ts";

export type SnapshotCode =
  | "SNAPSHOT_NOT_FOUND"
  | "SNAPSHOT_EXISTS"
  | "SNAPSHOT_IN_USE"
  | "SNAPSHOT_NAME_INVALID"
  | "SNAPSHOT_NO_SPACE"
  | "TREE_DAMAGED"
  | "TREE_LINKED"
  | "TREE_UNREADABLE"
  | "NOTHING_STAGED"
  | "NEVER_STAGED"
  | "NOTHING_IN_PRODUCTION"
  | "NO_PREDECESSOR"
  | "NOTHING_SYNCED";

/** What was asked of a snapshot does not fit the snapshots that there are. */
export class SnapshotError extends MirrorctlError<SnapshotCode> {
  override readonly area = "snapshot";
}
